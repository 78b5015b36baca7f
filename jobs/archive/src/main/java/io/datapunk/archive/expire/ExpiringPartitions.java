package io.datapunk.archive.expire;

import static org.apache.spark.sql.functions.lit;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.RetentionConfig.Kind;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.PartitionRemoval;
import io.datapunk.lake.delta.PartitionRows;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The rows of a plan: one commit for each table, and one for each partition that keeps others. Their files go by the table's
 * own retention, through {@code lake tier reclaim}.
 */
final class ExpiringPartitions {
    private final SparkSession spark;
    private final LakeHome home;
    private final ExpiryPlan plan;
    private final List<Hold> holds;
    private final PartitionRemoval removal;

    /** @param holds that are in force now */
    ExpiringPartitions(SparkSession spark, LakeHome home, ExpiryPlan plan, List<Hold> holds) {
        this.spark = spark;
        this.home = home;
        this.plan = plan;
        this.holds = holds;
        this.removal = new PartitionRemoval(spark, home);
    }

    /** Those that a run of the plan has removed. */
    Set<String> removed() {
        List<PlannedExpiry> rows = plan.going().stream()
                .filter(row -> row.subject().kind() == Kind.ROWS)
                .toList();
        Set<String> removed = new TreeSet<>();
        byDataset(rows).forEach((dataset, partitions) -> removal.removed(dataset, partitions.keySet(), plan.id())
                .forEach(partition -> removed.add(partition.toString())));
        return removed;
    }

    void remove(List<PlannedExpiry> rows, Deletion deletion) {
        rows.stream().filter(row -> row.enteredBefore().isPresent()).forEach(row -> removePart(row, deletion));
        List<PlannedExpiry> whole =
                rows.stream().filter(row -> row.enteredBefore().isEmpty()).toList();
        byDataset(whole).forEach((dataset, partitions) -> {
            Map<PartitionName, Deleted> begun = new TreeMap<>();
            Map<PartitionName, String> seen = new TreeMap<>();
            partitions.forEach((partition, row) -> {
                Deleted what = describe(partition, row);
                deletion.begin(what);
                begun.put(partition, what);
                seen.put(partition, row.fingerprint());
            });
            Set<PartitionName> removed = removal.remove(dataset, seen, plan.id());
            begun.forEach((partition, what) -> {
                if (removed.contains(partition)) {
                    deletion.done(what);
                } else {
                    deletion.leave(partitions.get(partition), "it was written while this command ran");
                }
            });
        });
    }

    /** One commit for each partition. */
    private void removePart(PlannedExpiry row, Deletion deletion) {
        PartitionName partition = PartitionName.parse(row.subject().name());
        Deleted what = describe(partition, row);
        if (!what.rows().equals(row.rows())) {
            deletion.leave(row, "holds protect other rows than the plan saw; make a new plan");
            return;
        }
        deletion.begin(what);
        Column due = due(partition, row, Set.of(rows(partition, row).columns()));
        if (removal.removeRows(partition, row.fingerprint(), due, plan.id())) {
            deletion.done(what);
        } else {
            deletion.leave(row, "it was written while this command ran");
        }
    }

    private Column due(PartitionName partition, PlannedExpiry row, Set<String> columns) {
        return row.enteredBefore()
                .map(limit -> new RowConditions(columns).due(limit, partition.dataset(), holds))
                .orElse(lit(true));
    }

    private Dataset<Row> rows(PartitionName partition, PlannedExpiry row) {
        return PartitionRows.of(
                spark, home, new PartitionFiles(partition, row.deltaVersion().orElseThrow(), List.of()));
    }

    /** Of those that an earlier run has removed. */
    void record(List<PlannedExpiry> rows, Deletion deletion) {
        rows.forEach(
                row -> deletion.done(describe(PartitionName.parse(row.subject().name()), row)));
    }

    /** By the version that the plan saw, which the table keeps long enough to count its rows after they went. */
    private Deleted describe(PartitionName partition, PlannedExpiry row) {
        Dataset<Row> rows = rows(partition, row);
        RowChecksum checksum = DeltaChecksum.of(rows.where(due(partition, row, Set.of(rows.columns()))));
        return Deleted.of(row, OptionalLong.of(checksum.rows()), checksum.hex());
    }

    private static SortedMap<DatasetName, Map<PartitionName, PlannedExpiry>> byDataset(List<PlannedExpiry> rows) {
        SortedMap<DatasetName, Map<PartitionName, PlannedExpiry>> datasets = new TreeMap<>();
        for (PlannedExpiry row : rows) {
            PartitionName partition = PartitionName.parse(row.subject().name());
            datasets.computeIfAbsent(partition.dataset(), any -> new TreeMap<>())
                    .put(partition, row);
        }
        return datasets;
    }
}
