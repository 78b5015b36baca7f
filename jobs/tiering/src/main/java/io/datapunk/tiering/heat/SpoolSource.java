package io.datapunk.tiering.heat;

import io.datapunk.lake.config.AccessConfig;
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
    /** A recorder completes its file at once; one that lies open for so long was left by a crash. */
    private static final Duration ABANDONED = Duration.ofHours(1);

    @Override
    public String name() {
        return AccessConfig.SPOOL;
    }

    @Override
    public void collect(Intake intake) throws IOException {
        Path spool = Files.createDirectories(intake.home().spool());
        completeAbandonedFiles(spool);
        List<Path> waiting = new ArrayList<>(intake.future().due(intake.now()));
        waiting.addAll(files(spool, SpoolFolder.COMPLETE));
        try (Progress.Stage stage = intake.progress().begin("taking in accesses", waiting.size(), "files")) {
            for (List<Path> files : InputBatches.of(waiting, Files::size)) {
                AccessBatch batch = intake.draft().seal();
                for (Path file : files) {
                    batch.take(file);
                }
                intake.fault().reached("heat.batched");
                intake.commit(batch);
                stage.advance(files.size());
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
}
