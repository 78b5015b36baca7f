package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * Files below a table's root that no version within the table's retention refers to: those that moves and rewrites have
 * retired, and those that a killed attempt has left. Retention counts by the store's clock: Delta knows no other.
 */
public final class UnreferencedFiles {
    private final SparkSession spark;
    private final LakeHome home;

    public UnreferencedFiles(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /**
     * What {@link #remove} would remove.
     *
     * @param paths relative to nothing: whole, as the store names them
     * @param bytes of all of them
     */
    public record Found(List<String> paths, long bytes) {}

    /** @throws LakeException where the store cannot be read */
    public Found find(DatasetName dataset) {
        return InternalJobs.call(spark, () -> {
            List<String> paths = vacuum(dataset, " DRY RUN").stream()
                    .filter(path -> !path.endsWith("/"))
                    .sorted()
                    .toList();
            return new Found(paths, bytes(dataset, paths));
        });
    }

    /** Removes them; a version within the retention can be read afterwards as before. */
    public void remove(DatasetName dataset) {
        InternalJobs.call(spark, () -> vacuum(dataset, ""));
    }

    private List<String> vacuum(DatasetName dataset, String mode) {
        String table = home.tablePath(dataset).replace("`", "``");
        return spark.sql("VACUUM delta.`" + table + "`" + mode)
                .select("path")
                .as(Encoders.STRING())
                .collectAsList();
    }

    private long bytes(DatasetName dataset, List<String> paths) {
        Configuration store = spark.sessionState().newHadoopConf();
        long bytes = 0;
        try {
            FileSystem files = new Path(home.tablePath(dataset)).getFileSystem(store);
            for (String path : paths) {
                bytes += bytes(files, new Path(path));
            }
            return bytes;
        } catch (IOException e) {
            throw LakeException.failed(
                    "the unreferenced files of " + dataset + " cannot be measured",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that the store is reachable and run the command again",
                    e);
        }
    }

    private static long bytes(FileSystem files, Path file) throws IOException {
        try {
            var status = files.getFileStatus(file);
            return status.isFile() ? status.getLen() : 0;
        } catch (FileNotFoundException removedMeanwhile) {
            return 0;
        }
    }
}
