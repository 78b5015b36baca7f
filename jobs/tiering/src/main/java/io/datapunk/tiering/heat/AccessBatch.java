package io.datapunk.tiering.heat;

import io.datapunk.lake.storage.FolderTree;
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
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is taken in together: a folder whose name is the number of the commits that hold it. All that decides what the
 * commits say stands in it, so a run that died is finished by committing its batch again under the same number, which the
 * tables refuse where they have it already. A batch without its manifest is a draft, and counts for nothing.
 *
 * @param number rises from batch to batch
 * @param logVersion the version of {@code lake.access_log} before the batch
 * @param now the present of the run that made it: a later one judges its lines by the same clock
 */
record AccessBatch(Path folder, long number, long logVersion, Instant now) {
    private static final String MANIFEST = "log-version";
    private static final String INPUTS = "inputs.json";
    private static final String COUNTS = "counts";

    /** A folder for a batch that is not complete yet. */
    static AccessBatch draft(Path parent, long number, long logVersion, Instant now) throws IOException {
        return new AccessBatch(Files.createDirectories(parent.resolve(name(number))), number, logVersion, now);
    }

    /** Completes a draft; from here on it will be committed. Spool files may be moved in afterwards, but nothing else. */
    AccessBatch seal() throws IOException {
        Path underWay = folder.resolve(MANIFEST + ".new");
        Files.writeString(underWay, logVersion + " " + now);
        Files.move(underWay, folder.resolve(MANIFEST), StandardCopyOption.ATOMIC_MOVE);
        return this;
    }

    /** The batches that earlier runs left, oldest first; their drafts are removed. */
    static List<AccessBatch> unfinished(Path parent) throws IOException {
        if (!Files.isDirectory(parent)) {
            return List.of();
        }
        List<AccessBatch> batches = new ArrayList<>();
        for (Path folder : list(parent)) {
            Path manifest = folder.resolve(MANIFEST);
            if (Files.exists(manifest)) {
                String[] words = Files.readString(manifest).strip().split(" ");
                batches.add(new AccessBatch(
                        folder,
                        Long.parseLong(folder.getFileName().toString()),
                        Long.parseLong(words[0]),
                        Instant.parse(words[1])));
            } else {
                FolderTree.delete(folder);
            }
        }
        return batches;
    }

    private static String name(long number) {
        return "%020d".formatted(number);
    }

    /** Moves a spool file in. */
    void take(Path spoolFile) throws IOException {
        Files.move(spoolFile, folder.resolve(spoolFile.getFileName().toString()), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Writes lines into a draft. */
    void write(List<AccessLine> lines) throws IOException {
        if (!lines.isEmpty()) {
            new SpoolFolder(folder).write(lines.stream().map(AccessLine::toJson));
        }
    }

    /** Writes into a draft what it is made of. */
    void writeInputs(List<AccessInput> inputs) throws IOException {
        Files.write(
                folder.resolve(INPUTS),
                inputs.stream().map(input -> input.toJson().toString()).toList());
    }

    List<AccessInput> inputs() throws IOException {
        List<AccessInput> inputs = new ArrayList<>();
        if (Files.exists(folder.resolve(INPUTS))) {
            for (String line : Files.readAllLines(folder.resolve(INPUTS))) {
                inputs.add(AccessInput.parse(line));
            }
        }
        return inputs;
    }

    /** Where a draft's counts are written, as Parquet, where there are too many for lines. */
    Path countsFolder() {
        return folder.resolve(COUNTS);
    }

    /** The counts, empty where it has lines only. */
    Optional<Path> counts() {
        return Files.isDirectory(countsFolder()) ? Optional.of(countsFolder()) : Optional.empty();
    }

    List<Path> files() throws IOException {
        return list(folder).stream()
                .filter(file -> file.getFileName().toString().endsWith(SpoolFolder.COMPLETE))
                .toList();
    }

    /** What the files say; lines without text say nothing. */
    Lines read() throws IOException {
        Lines lines = new Lines(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
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
                        lines.accepted().add(AccessLine.parse(text, now));
                    } catch (FutureLineException e) {
                        lines.future().add(new Future(e.at(), text));
                    } catch (MalformedLineException e) {
                        lines.rejected().add(new Rejected(file.getFileName().toString(), number, e.getMessage(), text));
                    }
                }
            }
        }
        return lines;
    }

    /** Removes the content, and the manifest before it: what is left after that is a draft. */
    void remove() throws IOException {
        // Spool files may still be moved into a sealed batch that dies early; here all of them are committed.
        Files.deleteIfExists(folder.resolve(MANIFEST));
        FolderTree.delete(folder);
    }

    /** @param line from 1 */
    record Rejected(String file, int line, String reason, String text) {}

    /** A line whose time has not come. */
    record Future(Instant at, String text) {}

    record Lines(List<AccessLine> accepted, List<Future> future, List<Rejected> rejected) {}

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.sorted().toList();
        }
    }
}
