package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import scala.Option;

/**
 * The older part of a table's log. In a table that the lake did not make it quotes the smallest and largest values of
 * columns, a person's among them.
 */
final class LogHistory {
    private final SparkSession spark;
    private final LakeHome home;

    LogHistory(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /** Leaves a checkpoint of the newest version and what was committed since; older versions cannot be read any more. */
    void forget(DatasetName dataset) {
        DeltaLog log = DeltaLog.forTable(spark, home.tablePath(dataset));
        Snapshot newest = log.update(false, Option.empty(), Option.empty());
        log.checkpoint(newest, Option.empty());
        Configuration store = spark.sessionState().newHadoopConf();
        try {
            FileSystem files = log.logPath().getFileSystem(store);
            for (FileStatus file : files.listStatus(log.logPath())) {
                if (LogNames.version(file.getPath().getName()).orElse(Long.MAX_VALUE) < newest.version()) {
                    remove(files, file.getPath());
                }
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "the older part of the log of " + dataset + " cannot be removed",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make it removable and run the command again",
                    e);
        }
    }

    private static void remove(FileSystem files, Path file) throws IOException {
        if (!files.delete(file, false) && files.exists(file)) {
            throw new IOException(file + " stays");
        }
    }
}
