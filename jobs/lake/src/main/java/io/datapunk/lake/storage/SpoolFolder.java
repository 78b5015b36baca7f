package io.datapunk.lake.storage;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A folder of files of JSON lines. A file is named {@code .open} while it is written and {@code .ndjson} once it is
 * complete, so that a reader never sees half of one.
 */
public final class SpoolFolder {
    /** How the names of files end that can be read. */
    public static final String COMPLETE = ".ndjson";

    /** How they end while they are written; one that stays so is of a writer that died. */
    public static final String UNDER_WAY = ".open";

    private final Path folder;

    /** @param folder made by the first write where it does not exist */
    public SpoolFolder(Path folder) {
        this.folder = folder;
    }

    /** Writes one file, each line without its line feed. */
    public void write(Stream<String> lines) throws IOException {
        String name = UUID.randomUUID().toString();
        Path underWay = folder.resolve(name + UNDER_WAY);
        Files.createDirectories(folder);
        try (BufferedWriter writer = Files.newBufferedWriter(underWay, StandardCharsets.UTF_8)) {
            for (String line : (Iterable<String>) lines::iterator) {
                writer.write(line);
                writer.write('\n');
            }
        }
        Files.move(underWay, folder.resolve(name + COMPLETE), StandardCopyOption.ATOMIC_MOVE);
    }
}
