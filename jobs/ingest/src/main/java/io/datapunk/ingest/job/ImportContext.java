package io.datapunk.ingest.job;

import io.datapunk.lake.config.IngestConfig;
import java.io.Serializable;
import java.nio.file.Path;
import java.time.Instant;

/**
 * What is the same for all of an import.
 *
 * @param importId the same for every attempt at one import
 * @param userId the person's surrogate
 * @param epoch which attempt it is
 * @param ingestedAt when this attempt began
 * @param stagingFolder absolute path of the folder that staged files wait in
 */
record ImportContext(
        String importId, String userId, long epoch, Instant ingestedAt, String stagingFolder, IngestConfig limits)
        implements Serializable {
    Path staging() {
        return Path.of(stagingFolder);
    }

    Path staging(String folder) {
        return staging().resolve(folder);
    }

    /** A folder as Spark is told of it, whose own file system may be another one. */
    static String url(Path folder) {
        return "file:" + folder;
    }
}
