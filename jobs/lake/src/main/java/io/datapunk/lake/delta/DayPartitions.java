package io.datapunk.lake.delta;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.table.TableDefinition;
import io.delta.tables.DeltaTable;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Keeps a table by day small: joins the files of days that are over, and removes days that are too old. */
public final class DayPartitions {
    /** An hourly job leaves 24 files a day; a day that was joined has one or few. */
    private static final int SCATTERED = 8;

    private final SparkSession spark;
    private final LakeHome home;
    private final AuditLog audit;
    private final String actor;

    /** @param actor who stands in the audit log */
    public DayPartitions(SparkSession spark, LakeHome home, AuditLog audit, String actor) {
        this.spark = spark;
        this.home = home;
        this.audit = audit;
        this.actor = actor;
    }

    /** Joins the small files of each day before {@code today} that has many of them; changes no row. */
    public void compactBefore(TableDefinition table, String today) {
        List<String> scattered = days(
                table, day -> value(day).compareTo(today) < 0 && day.files().size() > SCATTERED);
        if (!scattered.isEmpty()) {
            String column = table.partitionColumn().orElseThrow();
            InternalJobs.call(spark, () -> delta(table)
                    .optimize()
                    .where(column + " in ('" + String.join("', '", scattered) + "')")
                    .executeCompaction());
        }
    }

    /**
     * Removes the days before {@code first}: whole partitions, so no file is rewritten.
     *
     * @param first {@code yyyy-MM-dd}
     * @param now for the audit log
     * @return how many
     */
    public int expire(TableDefinition table, String first, Instant now) {
        List<PartitionFiles> expired = partitions(table).stream()
                .filter(day -> value(day).compareTo(first) < 0)
                .toList();
        if (expired.isEmpty()) {
            return 0;
        }
        List<DataFile> files =
                expired.stream().flatMap(day -> day.files().stream()).toList();
        audit.append(new AuditEvent(
                now,
                actor,
                "access.expire",
                table.name().toString(),
                Map.of(
                        "before", first,
                        "from", value(expired.get(0)),
                        "days", Integer.toString(expired.size()),
                        "files", Integer.toString(files.size()),
                        "bytes",
                                Long.toString(files.stream()
                                        .mapToLong(DataFile::bytes)
                                        .sum()))));
        InternalJobs.call(spark, () -> {
            delta(table)
                    .delete(functions.col(table.partitionColumn().orElseThrow()).lt(first));
            return null;
        });
        return expired.size();
    }

    private List<String> days(TableDefinition table, Predicate<PartitionFiles> which) {
        return partitions(table).stream()
                .filter(which)
                .map(DayPartitions::value)
                .toList();
    }

    /** In the order of days. */
    private List<PartitionFiles> partitions(TableDefinition table) {
        return new TableLog(home, spark.sparkContext().hadoopConfiguration())
                .snapshot(table.name())
                .orElseThrow()
                .partitions();
    }

    private static String value(PartitionFiles day) {
        return day.partition().value().map(PartitionValue::value).orElseThrow();
    }

    private DeltaTable delta(TableDefinition table) {
        return DeltaTable.forPath(spark, home.tablePath(table.name()));
    }
}
