package io.datapunk.lake.delta;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.PartitionStatsTable;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * Measures what each partition holds and keeps it in {@code lake.partition_stats}. Only partitions whose files changed
 * since they were measured are read. The lake's own housekeeping tables are left out: they change with each command.
 *
 * <p>For one job at a time; the caller holds the lease.
 */
public final class PartitionStatistics {
    private static final String HOUSEKEEPING = "lake";

    private final SparkSession spark;
    private final LakeHome home;
    private final TableLog log;

    public PartitionStatistics(SparkSession spark, LakeHome home) {
        this.spark = spark;
        this.home = home;
        this.log = new TableLog(home, spark.sparkContext().hadoopConfiguration());
    }

    /** Brings the table up to date and tells which partitions were measured, sorted by name. */
    public List<PartitionName> refresh() {
        return InternalJobs.call(spark, () -> {
            DeltaTables.ensure(spark, home, PartitionStatsTable.DEFINITION);
            Map<String, Row> known = known();
            Map<String, Row> current = new TreeMap<>();
            List<PartitionName> measured = new ArrayList<>();
            for (TableDefinition definition : LakeTables.all()) {
                if (definition.name().schema().equals(HOUSEKEEPING)) {
                    continue;
                }
                Optional<TableSnapshot> snapshot = log.snapshot(definition.name());
                if (snapshot.isEmpty()) {
                    continue;
                }
                List<PartitionFiles> changed = new ArrayList<>();
                for (PartitionFiles partition : snapshot.get().partitions()) {
                    String name = partition.partition().toString();
                    Row before = known.get(name);
                    if (before != null
                            && before.getAs(PartitionStatsTable.FILE_SET_HASH).equals(partition.fileSetHash())) {
                        current.put(name, before);
                    } else {
                        changed.add(partition);
                    }
                }
                if (!changed.isEmpty()) {
                    current.putAll(measure(definition, snapshot.get(), changed));
                    changed.forEach(partition -> measured.add(partition.partition()));
                }
            }
            if (!measured.isEmpty() || !current.keySet().equals(known.keySet())) {
                replace(current);
            }
            return measured.stream().sorted().toList();
        });
    }

    private Map<String, Row> known() {
        Map<String, Row> known = new HashMap<>();
        spark.read()
                .format("delta")
                .load(home.tablePath(PartitionStatsTable.DEFINITION.name()))
                .collectAsList()
                .forEach(row -> known.put(row.getAs(PartitionStatsTable.PARTITION), row));
        return known;
    }

    private void replace(Map<String, Row> rows) {
        StructType schema = DeltaSchemas.structType(PartitionStatsTable.DEFINITION);
        spark.createDataFrame(List.copyOf(rows.values()), schema)
                .coalesce(1)
                .write()
                .format("delta")
                .option("compression", DeltaAppend.WARM_CODEC)
                .mode("overwrite")
                .save(home.tablePath(PartitionStatsTable.DEFINITION.name()));
    }

    private Map<String, Row> measure(TableDefinition definition, TableSnapshot snapshot, List<PartitionFiles> changed) {
        Map<String, PartitionFiles> byValue = new HashMap<>();
        changed.forEach(partition -> byValue.put(
                partition.partition().value().map(value -> value.value()).orElse(""), partition));
        Dataset<Row> rows = spark.read()
                .format("delta")
                .option("versionAsOf", snapshot.version())
                .load(home.tablePath(definition.name()));
        Column partition = definition
                .partitionColumn()
                .map(PartitionStatistics::partitionValue)
                .orElse(lit(""));
        rows = rows.withColumn("measured_partition", partition)
                .where(col("measured_partition").isin(byValue.keySet().toArray()));

        List<String> nullable = definition.columns().stream()
                .filter(io.datapunk.lake.model.table.Column::nullable)
                .map(io.datapunk.lake.model.table.Column::name)
                .toList();
        Column filled = nullable.stream()
                .map(name -> count(col(name)))
                .reduce(lit(0L), Column::plus)
                .as("filled");
        List<String> names = definition.columnNames();
        Column users = names.contains(ProvenanceColumns.USER_ID)
                ? countDistinct(ProvenanceColumns.USER_ID)
                : lit(null).cast("bigint");
        boolean dated = names.contains(EventColumns.EVENT_TIME);
        Column nothing = lit(null).cast("timestamp");
        List<Row> results = rows.groupBy("measured_partition")
                .agg(
                        count(lit(1)),
                        users,
                        dated ? min(EventColumns.EVENT_TIME) : nothing,
                        dated ? max(EventColumns.EVENT_TIME) : nothing,
                        filled)
                .collectAsList();
        Map<String, Row> measured = new TreeMap<>();
        for (Row result : results) {
            PartitionFiles files = byValue.get(result.getString(0));
            measured.put(files.partition().toString(), row(files, result, nullable.size()));
        }
        return measured;
    }

    private static Column partitionValue(String column) {
        return org.apache.spark.sql.functions.coalesce(col(column), lit(PartitionValue.NO_VALUE));
    }

    private static Row row(PartitionFiles files, Row result, int nullableColumns) {
        long rows = result.getLong(1);
        long cells = rows * nullableColumns;
        Double nullShare = cells == 0 ? null : (cells - result.getLong(5)) / (double) cells;
        return RowFactory.create(
                files.partition().toString(),
                files.tier().name(),
                rows,
                files.bytes(),
                (long) files.files().size(),
                result.isNullAt(2) ? null : result.getLong(2),
                result.<Timestamp>getAs(3),
                result.<Timestamp>getAs(4),
                nullShare,
                files.deltaVersion(),
                files.fileSetHash());
    }
}
