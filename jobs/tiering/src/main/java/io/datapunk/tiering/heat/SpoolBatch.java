package io.datapunk.tiering.heat;

import io.datapunk.lake.storage.SpoolFolder;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Spool files that are taken in together: a folder whose name is the number of the commits that hold them. A file is
 * either in the spool, or in exactly one batch, or taken in; so a run that died is finished by committing its batch again
 * under the same number, which the tables refuse where they have it already.
 *
 * @param number rises from batch to batch
 * @param logVersion the version of {@code lake.access_log} before the batch
 */
record SpoolBatch(Path folder, long number, long logVersion) {
    private static final String MANIFEST = "log-version";

    /** Opens an empty batch. */
    static SpoolBatch create(Path parent, long number, long logVersion) throws IOException {
        Path folder = Files.createDirectories(parent.resolve("%020d".formatted(number)));
        Path underWay = folder.resolve(MANIFEST + ".new");
        Files.writeString(underWay, Long.toString(logVersion));
        Files.move(underWay, folder.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
        return new SpoolBatch(folder, number, logVersion);
    }

    /** The batches that earlier runs left, oldest first. */
    static List<SpoolBatch> unfinished(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        List<SpoolBatch> batches = new ArrayList<>();
        for (Path folder : list(parent)) {
            Path manifest = folder.resolve(MANIFEST);
            if (Files.exists(manifest)) {
                long number = Long.parseLong(folder.getFileName().toString());
                batches.add(new SpoolBatch(
                        folder,
                        number,
                        Long.parseLong(Files.readString(manifest).strip())));
            } else {
                // Died while it was opened, or when it was all but removed: holds no accesses.
                Files.deleteIfExists(folder.resolve(MANIFEST + ".new"));
                Files.delete(folder);
            }
        }
        return batches;
    }

    void take(Path spoolFile) throws IOException {
        Files.move(spoolFile, folder.resolve(spoolFile.getFileName().toString()), StandardCopyOption.ATOMIC_MOVE);
    }

    List<Path> files() throws IOException {
        return list(folder).stream()
                .filter(file -> file.getFileName().toString().endsWith(SpoolFolder.COMPLETE))
                .toList();
    }

    /** What the files say; lines without text say nothing. */
    Lines read(Instant now) throws IOException {
        List<AccessLine> accepted = new ArrayList<>();
        List<Rejected> rejected = new ArrayList<>();
        for (Path file : files()) {
            // A reader that replaces what is not UTF-8, so that one bad byte costs one line.
            try (BufferedReader reader =
                    new BufferedReader(new InputStreamReader(Files.newInputStream(file), StandardCharsets.UTF_8))) {
                int number = 0;
                for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                    number++;
                    if (text.isBlank()) {
                        continue;
                    }
                    try {
                        accepted.add(AccessLine.parse(text, now));
                    } catch (MalformedLineException e) {
                        rejected.add(new Rejected(file.getFileName().toString(), number, e.getMessage(), text));
                    }
                }
            }
        }
        return new Lines(accepted, rejected);
    }

    /** Removes the files, the manifest last. */
    void remove() throws IOException {
        for (Path file : files()) {
            Files.delete(file);
        }
        Files.deleteIfExists(folder.resolve(MANIFEST));
        Files.delete(folder);
    }

    /** @param line from 1 */
    record Rejected(String file, int line, String reason, String text) {}

    record Lines(List<AccessLine> accepted, List<Rejected> rejected) {}

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
