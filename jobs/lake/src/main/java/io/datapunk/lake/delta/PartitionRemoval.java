package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.RowChecksum;
import io.delta.tables.DeltaTable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.util.QuotingUtils;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.functions;
import scala.Option;

/**
 * Removes rows of partitions, each of which a plan has seen as it is. The commit names each of them, so that a run
 * which comes after one that was killed can tell what was removed. Files stay for the table's retention.
 */
public final class PartitionRemoval {
    private static final long ONCE = 1;

    private final SparkSession spark;
    private final LakeHome home;

    public PartitionRemoval(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
    }

    /**
     * Removes the rows of some partitions of one dataset in one commit; what is not as it was seen stays.
     *
     * @param seen {@link PartitionFiles#fileSetHash()} of each partition
     * @param plan that asks for it
     * @return those that were removed, now or by an earlier run of the plan
     */
    public Set<PartitionName> remove(DatasetName dataset, Map<PartitionName, String> seen, String plan) {
        return InternalJobs.call(
                spark,
                () -> CommitConflicts.retrying(
                        () -> attempt(dataset, seen, plan),
                        "partitions of " + dataset + " could not be removed",
                        "run the command again when the other one has ended"));
    }

    /**
     * Removes some rows of a partition if it is as it was seen. Files that have other rows, too, are written anew, as warm ones.
     *
     * @param seen {@link PartitionFiles#fileSetHash()} of the partition
     * @param rows which; never null
     * @param plan that asks for it
     * @return whether they are removed, now or by an earlier run of the plan
     * @throws LakeException (gate) where other rows of the partition are not the same afterwards
     */
    public boolean removeRows(PartitionName partition, String seen, Column rows, String plan) {
        // How a DELETE is made is a setting, and would be that of others' as well.
        SparkSession own = spark.newSession();
        return InternalJobs.call(
                own,
                () -> CommitConflicts.retrying(
                        () -> attempt(own, partition, seen, rows, plan),
                        "rows of " + partition + " could not be removed",
                        "run the command again when the other one has ended"));
    }

    private boolean attempt(SparkSession own, PartitionName partition, String seen, Column rows, String plan) {
        String path = home.tablePath(partition.dataset());
        Snapshot snapshot = DeltaLog.forTable(own, path).update(false, Option.empty(), Option.empty());
        if (!removed(snapshot, List.of(partition), plan).isEmpty()) {
            return true;
        }
        Map<String, AddFile> live = LiveFiles.of(snapshot, List.of(partition)).of(partition);
        if (!hash(partition, live).equals(seen)) {
            return false;
        }
        PartitionValue value = partition.value().orElseThrow();
        Column here =
                functions.col(QuotingUtils.quoteIdentifier(value.column())).equalTo(value.value());
        DeltaTable table = DeltaTable.forPath(own, path);
        String mark = application(plan, partition);
        RowDeletion.runOnce(own, table, here.and(rows), new Once(mark, ONCE));
        for (long version : RowDeletion.versions(table, mark)) {
            RowChecksum before =
                    DeltaChecksum.of(at(own, partition, version - 1).where(functions.not(rows)));
            RowChecksum after = DeltaChecksum.of(at(own, partition, version));
            if (!after.equals(before)) {
                throw LakeException.gate(
                        "other rows of " + partition + " changed when some expired",
                        "version " + (version - 1) + " has " + before + " of them and version " + version + " " + after,
                        "RESTORE the table to version " + (version - 1) + "; nothing that it needs was removed");
            }
        }
        return true;
    }

    private Dataset<Row> at(SparkSession own, PartitionName partition, long version) {
        return PartitionRows.of(own, home, new PartitionFiles(partition, version, List.of()));
    }

    /** Those of the partitions that a run of the plan has removed, whatever was written there since. */
    public Set<PartitionName> removed(DatasetName dataset, Collection<PartitionName> partitions, String plan) {
        return InternalJobs.call(spark, () -> {
            Snapshot snapshot =
                    DeltaLog.forTable(spark, home.tablePath(dataset)).update(false, Option.empty(), Option.empty());
            return removed(snapshot, partitions, plan);
        });
    }

    private Set<PartitionName> attempt(DatasetName dataset, Map<PartitionName, String> seen, String plan) {
        OptimisticTransaction transaction =
                DeltaLog.forTable(spark, home.tablePath(dataset)).startTransaction();
        Set<PartitionName> removed = removed(transaction.snapshot(), seen.keySet(), plan);
        LiveFiles live = LiveFiles.of(transaction.snapshot(), seen.keySet());
        long now = System.currentTimeMillis();
        List<Action> actions = new ArrayList<>();
        List<AddFile> read = new ArrayList<>();
        seen.forEach((partition, hash) -> {
            Map<String, AddFile> files = live.of(partition);
            if (!removed.contains(partition) && hash(partition, files).equals(hash)) {
                files.values().forEach(file -> actions.add(file.removeWithTimestamp(now, true)));
                read.addAll(files.values());
                actions.add(DeltaActions.once(application(plan, partition), ONCE, now));
                removed.add(partition);
            }
        });
        if (!actions.isEmpty()) {
            transaction.trackFilesRead(DeltaActions.immutable(read));
            transaction.commit(DeltaActions.immutable(actions), DeltaActions.delete());
        }
        return removed;
    }

    private static Set<PartitionName> removed(Snapshot snapshot, Collection<PartitionName> partitions, String plan) {
        Set<PartitionName> removed = new TreeSet<>();
        for (PartitionName partition : partitions) {
            if (snapshot.transactions().contains(application(plan, partition))) {
                removed.add(partition);
            }
        }
        return removed;
    }

    private static String application(String plan, PartitionName partition) {
        return "expire:" + plan + ":" + partition;
    }

    private static String hash(PartitionName partition, Map<String, AddFile> files) {
        List<DataFile> data = new ArrayList<>();
        files.forEach((path, file) -> data.add(new DataFile(
                path,
                file.size(),
                file.modificationTime(),
                DataFile.ROWS_UNKNOWN,
                Map.of(),
                LiveFiles.deletionVector(file))));
        return new PartitionFiles(partition, 0, data).fileSetHash();
    }
}
