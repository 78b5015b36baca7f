package io.datapunk.lake.spark;

import io.datapunk.lake.model.LakeException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.spark.SparkEnv;

/** Local files that tasks need: a worker that does not see one must not take it for one that is damaged. */
public final class WorkerFiles {
    private WorkerFiles() {}

    /**
     * To be called in a task.
     *
     * @param locations absolute paths of files and folders
     * @throws LakeException (failed) where the machine does not have one of them
     */
    public static void require(Stream<String> locations) {
        locations
                .distinct()
                .filter(location -> Files.notExists(Path.of(location)))
                .findFirst()
                .ifPresent(missing -> {
                    throw LakeException.failed(
                            "a task of Spark does not find " + missing,
                            "it is not there on "
                                    + SparkEnv.get()
                                            .blockManager()
                                            .blockManagerId()
                                            .host(),
                            "on a cluster, put exports and the lake's local folder (lake.local-home) where every worker has"
                                    + " them at the same path, or run the command with --master local[*]");
                });
    }
}
