package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.TableConfig;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.SparkSession;

/**
 * Files below a table's root that no version within the table's retention refers to: those that moves and rewrites have
 * retired, and those that a killed attempt has left. Retention counts by the store's clock: Delta knows no other.
 */
public final class UnreferencedFiles {
    private static final Found NOTHING = new Found(List.of(), 0);

    private final SparkSession spark;
    private final LakeHome home;
    private final TableLog log;

    public UnreferencedFiles(SparkSession spark, LakeHome home, TableLog log) {
        this.spark = spark;
        this.home = home;
        this.log = log;
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
        return mayHaveSome(dataset)
                ? InternalJobs.call(spark, () -> measured(dataset, vacuum(dataset, " DRY RUN")))
                : NOTHING;
    }

    /** Whether there is a file that the newest version does not name and that is old enough. To ask Delta takes Spark seconds. */
    private boolean mayHaveSome(DatasetName dataset) {
        return log.read(dataset, snapshot -> {
                    Set<String> live = log.partitions(dataset, snapshot).stream()
                            .flatMap(partition -> partition.files().stream())
                            .map(DataFile::path)
                            .collect(Collectors.toSet());
                    long retention =
                            TableConfig.TOMBSTONE_RETENTION.fromMetadata(((SnapshotImpl) snapshot).getMetadata());
                    return hasOthers(dataset, live, System.currentTimeMillis() - retention);
                })
                .orElse(false);
    }

    /** @param youngest milliseconds since 1970 */
    private boolean hasOthers(DatasetName dataset, Set<String> live, long youngest) {
        Path root = new Path(home.tablePath(dataset));
        try {
            FileSystem files = root.getFileSystem(spark.sessionState().newHadoopConf());
            int begin = files.makeQualified(root).toUri().getPath().length() + 1;
            RemoteIterator<LocatedFileStatus> found = files.listFiles(root, true);
            while (found.hasNext()) {
                LocatedFileStatus file = found.next();
                String path = file.getPath().toUri().getPath().substring(begin);
                if (!path.startsWith("_delta_log/") && file.getModificationTime() <= youngest && !live.contains(path)) {
                    return true;
                }
            }
            return false;
        } catch (FileNotFoundException removedMeanwhile) {
            // By somebody else's clean-up: Delta decides.
            return true;
        } catch (IOException e) {
            throw unreadable(dataset, e);
        }
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

    /** Without the folders that have become empty, which VACUUM names as well. */
    private Found measured(DatasetName dataset, List<String> paths) {
        Configuration store = spark.sessionState().newHadoopConf();
        Map<String, Long> bytes = new TreeMap<>();
        try {
            FileSystem files = new Path(home.tablePath(dataset)).getFileSystem(store);
            for (String path : paths) {
                size(files, new Path(path)).ifPresent(size -> bytes.put(path, size));
            }
        } catch (IOException e) {
            throw unreadable(dataset, e);
        }
        return new Found(
                List.copyOf(bytes.keySet()),
                bytes.values().stream().mapToLong(Long::longValue).sum());
    }

    private static LakeException unreadable(DatasetName dataset, IOException e) {
        return LakeException.failed(
                "the unreferenced files of " + dataset + " cannot be measured",
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "check that the store is reachable and run the command again",
                e);
    }

    private static Optional<Long> size(FileSystem files, Path path) throws IOException {
        try {
            return Optional.of(files.getFileStatus(path))
                    .filter(FileStatus::isFile)
                    .map(FileStatus::getLen);
        } catch (FileNotFoundException removedMeanwhile) {
            return Optional.empty();
        }
    }
}
