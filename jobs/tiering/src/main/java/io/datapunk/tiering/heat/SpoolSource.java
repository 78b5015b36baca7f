package io.datapunk.tiering.heat;

import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.SpoolFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What access recorders write. A file is either in the spool, or in exactly one batch, or taken in, so nothing has to be
 * remembered.
 */
public final class SpoolSource implements AccessSource {
    private static final int FILES_PER_BATCH = 5_000;
    private static final long BYTES_PER_BATCH = 128L << 20;

    /** A recorder completes its file at once; one that lies open for so long was left by a crash. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    @Override
    public String name() {
        return "spool";
    }

    @Override
    public void collect(Intake intake) throws IOException {
        Path spool = Files.createDirectories(intake.home().spool());
        completeAbandonedFiles(spool);
        List<Path> waiting = new ArrayList<>(intake.future().due(intake.now()));
        waiting.addAll(files(spool, SpoolFolder.COMPLETE));
        try (Progress.Stage stage = intake.progress().begin("taking in accesses", waiting.size(), "files")) {
            for (int next = 0; next < waiting.size(); ) {
                int end = endOfBatch(waiting, next);
                AccessBatch batch = intake.draft().seal();
                for (Path file : waiting.subList(next, end)) {
                    batch.take(file);
                }
                intake.fault().reached("heat.batched");
                intake.commit(batch);
                stage.advance(end - next);
                next = end;
            }
        }
    }

    private static void completeAbandonedFiles(Path spool) throws IOException {
        // The file system's clock, not the job's: a simulated now says nothing about files.
        FileTime limit = FileTime.from(Instant.now().minus(ABANDONED));
        for (Path file : files(spool, SpoolFolder.UNDER_WAY)) {
            if (Files.getLastModifiedTime(file).compareTo(limit) < 0) {
                String name = file.getFileName().toString();
                String stem = name.substring(0, name.length() - SpoolFolder.UNDER_WAY.length());
                Files.move(file, file.resolveSibling(stem + SpoolFolder.COMPLETE));
            }
        }
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(file -> file.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static int endOfBatch(List<Path> waiting, int begin) throws IOException {
        long bytes = 0;
        int end = begin;
        while (end < waiting.size() && end - begin < FILES_PER_BATCH) {
            bytes += Files.size(waiting.get(end));
            if (end > begin && bytes > BYTES_PER_BATCH) {
                break;
            }
            end++;
        }
        return end;
    }
}
