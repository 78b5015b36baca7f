package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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
public final class LogHistory {
    /** As often as Delta makes a checkpoint by itself. */
    private static final int COMMITS = 10;

    /** How long the lake's tables keep their logs, and a day for the clocks. [CONTRACTS] */
    private static final Duration KEPT = Duration.ofDays(31);

    private final SparkSession spark;
    private final LakeHome home;

    public LogHistory(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /**
     * What a log consists of.
     *
     * @param files commits, checkpoints and what lies beside them
     * @param bytes of all
     * @param uncheckpointed commits that a reader reads one by one
     * @param oldest when the oldest commit was written
     */
    public record Extent(int files, long bytes, long uncheckpointed, Instant oldest) {
        /** Whether a checkpoint is missing that should be there, or would let old commits go. */
        public boolean isUntidy(Instant now) {
            return uncheckpointed >= COMMITS || uncheckpointed > 0 && oldest.isBefore(now.minus(KEPT));
        }
    }

    /** Measures a table's log. */
    public Extent measure(DatasetName dataset) {
        Path folder = new Path(home.tablePath(dataset) + "/_delta_log");
        try {
            FileStatus[] files =
                    folder.getFileSystem(spark.sessionState().newHadoopConf()).listStatus(folder);
            long version = -1;
            long checkpoint = -1;
            long bytes = 0;
            long oldest = Long.MAX_VALUE;
            for (FileStatus file : files) {
                String name = file.getPath().getName();
                bytes += file.getLen();
                checkpoint = Math.max(
                        checkpoint,
                        LogNames.checkpoint(name)
                                .map(LogNames.Checkpoint::version)
                                .orElse(-1L));
                if (LogNames.commit(name).isPresent()) {
                    version = Math.max(version, LogNames.commit(name).getAsLong());
                    oldest = Math.min(oldest, file.getModificationTime());
                }
            }
            return new Extent(files.length, bytes, Math.max(0, version - checkpoint), Instant.ofEpochMilli(oldest));
        } catch (IOException e) {
            throw LakeException.failed(
                    "the log of " + dataset + " cannot be listed",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check that the store is reachable and that you may read it",
                    e);
        }
    }

    /** Makes a checkpoint of the newest version, and removes what is older than the table keeps its log. */
    public void tidy(DatasetName dataset) {
        InternalJobs.call(spark, () -> {
            DeltaLog log = DeltaLog.forTable(spark, home.tablePath(dataset));
            log.checkpointAndCleanUpDeltaLog(log.update(false, Option.empty(), Option.empty()), Option.empty());
            return null;
        });
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
