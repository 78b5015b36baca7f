package io.datapunk.tiering.heat;

import io.datapunk.lake.storage.SpoolFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/**
 * Lines whose time has not come wait in a folder of their own, and are taken in once it has. So a clock that was set back
 * loses nothing, and one that was ahead heats nothing. A file's name begins with its earliest time, so waiting costs
 * nothing.
 */
final class FutureLines {
    private final Path folder;

    FutureLines(Path folder) {
        this.folder = folder;
    }

    Path folder() {
        return folder;
    }

    /** Keeps the lines of a batch; the same batch again writes the same file. */
    void keep(long batch, List<AccessBatch.Future> lines) throws IOException {
        if (lines.isEmpty()) {
            return;
        }
        Instant earliest = lines.stream()
                .map(AccessBatch.Future::at)
                .min(Instant::compareTo)
                .orElseThrow();
        Path file =
                Files.createDirectories(folder).resolve(earliest.getEpochSecond() + "-" + batch + SpoolFolder.COMPLETE);
        Path underWay = file.resolveSibling(file.getFileName() + SpoolFolder.UNDER_WAY);
        Files.write(underWay, lines.stream().map(AccessBatch.Future::text).toList());
        Files.move(underWay, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** The files that hold a line whose time has come. */
    List<Path> due(Instant now) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        long limit = now.plus(AccessLine.CLOCK_SKEW).getEpochSecond();
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(SpoolFolder.COMPLETE))
                    .filter(file -> earliest(file) <= limit)
                    .sorted()
                    .toList();
        }
    }

    private static long earliest(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('-', 1)));
    }
}
