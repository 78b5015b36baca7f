package io.datapunk.ingest.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.when;
import static org.apache.spark.sql.functions.xxhash64;

import io.datapunk.ingest.job.KeyRow.Origin;
import io.datapunk.ingest.job.LeftOutRows.Grouping;
import io.datapunk.ingest.record.MatchRule;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.table.DuplicatesTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.MediaTable;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/**
 * Finds the staged rows that are left out: in one shuffle of keys over all datasets, against the months of the tables
 * that they can meet. Rows with equal ids have equal match keys, so that one grouping serves both; media files go
 * through a grouping by id before.
 */
final class Deduplication {
    /** Folder in staging that holds the rows left out. */
    static final String FOLDER = "left-out";

    private static final StructType LEFT_OUT = new StructType()
            .add(DuplicatesTable.DATASET, DataTypes.StringType, false)
            .add(StagedTable.ROW, DataTypes.LongType, false)
            .add(StagedTable.FILE, DataTypes.IntegerType, false)
            .add(ProvenanceColumns.SOURCE, DataTypes.StringType, false)
            .add(ProvenanceColumns.ID, DataTypes.StringType, false)
            .add(ProvenanceColumns.MATCH_KEY, DataTypes.StringType, false)
            .add(ProvenanceColumns.POSITION, DataTypes.LongType, false)
            .add(DuplicatesTable.KEPT_ID, DataTypes.StringType, false)
            .add(DuplicatesTable.RULE, DataTypes.StringType, false);

    /** Rows of keys that one task groups at a time; it sorts them, and they are small. */
    private static final long KEYS_PER_TASK = 1_000_000;

    /** Fewer rows are grouped faster by one task than shuffled to several. */
    private static final long KEYS_OF_ONE_TASK = 20_000;

    /** The dataset whose ids do not imply match keys. */
    private static final TableDefinition BY_CONTENT = MediaTable.DEFINITION;

    private final SparkSession spark;
    private final ImportContext context;
    private final LakeTableFiles lake;

    Deduplication(SparkSession spark, ImportContext context, LakeTableFiles lake) {
        this.spark = spark;
        this.context = context;
        this.lake = lake;
    }

    /** How many rows are left out. */
    record LeftOutCounts(Map<DatasetName, Long> byDataset, Map<String, Long> bySource) {
        long of(DatasetName dataset) {
            return byDataset.getOrDefault(dataset, 0L);
        }

        long all() {
            return byDataset.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /**
     * Writes the rows left out into staging.
     *
     * @param staged what the tasks have staged
     * @return how many
     */
    LeftOutCounts run(UnitResult staged) {
        Dataset<Row> keys = null;
        long rows = 0;
        for (TableDefinition definition : StagedTables.DEFINITIONS) {
            TreeMap<String, Long> months = staged.months(definition.name());
            if (months.isEmpty()) {
                continue;
            }
            rows += staged.rows(definition.name());
            Dataset<Row> of = stagedKeys(definition);
            if (definition.equals(BY_CONTENT)) {
                of = withoutEqualIds(of, staged);
            }
            keys = keys == null ? of : keys.unionByName(of);
            Optional<Dataset<Row>> inTable = tableKeys(definition, Optional.of(months.keySet()));
            if (inTable.isPresent()) {
                keys = keys.unionByName(inTable.get());
            }
        }
        if (keys == null) {
            return new LeftOutCounts(Map.of(), Map.of());
        }
        write(keys, rows, Grouping.BY_MATCH_KEY);
        Map<DatasetName, Long> byDataset = new HashMap<>();
        Map<String, Long> bySource = new HashMap<>();
        for (Row row : leftOut()
                .groupBy(DuplicatesTable.DATASET, ProvenanceColumns.SOURCE)
                .count()
                .collectAsList()) {
            byDataset.merge(DatasetName.parse(row.getString(0)), row.getLong(2), Long::sum);
            bySource.merge(row.getString(1), row.getLong(2), Long::sum);
        }
        return new LeftOutCounts(byDataset, bySource);
    }

    /**
     * Media files: their ids come from their content alone, so that equal ones can have different times, and with them
     * different match keys and months, where a sidecar is in one export only.
     */
    private Dataset<Row> withoutEqualIds(Dataset<Row> stagedKeys, UnitResult staged) {
        Optional<Dataset<Row>> inTable = tableKeys(BY_CONTENT, Optional.empty());
        Dataset<Row> keys = inTable.map(stagedKeys::unionByName).orElse(stagedKeys);
        write(
                keys.withColumn(KeyColumns.GROUP, xxhash64(col(ProvenanceColumns.ID))),
                staged.rows(BY_CONTENT.name()),
                Grouping.BY_ID);
        Dataset<Row> numbers = spark.read()
                .schema(LEFT_OUT)
                .parquet(ImportContext.url(folder(Grouping.BY_ID)))
                .select(col(StagedTable.ROW).as("left"));
        return stagedKeys.join(numbers, stagedKeys.col(StagedTable.ROW).equalTo(numbers.col("left")), "left_anti");
    }

    private void write(Dataset<Row> keys, long rows, Grouping grouping) {
        int tasks = (int) Math.max(spark.sparkContext().defaultParallelism(), rows / KEYS_PER_TASK);
        JavaRDD<Row> leftOut = keys.repartition(rows < KEYS_OF_ONE_TASK ? 1 : tasks, col(KeyColumns.GROUP))
                .sortWithinPartitions(col(KeyColumns.GROUP), col(KeyColumns.TIME))
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .mapPartitions(sorted -> new LeftOutRows(sorted, grouping));
        spark.createDataFrame(leftOut, LEFT_OUT).write().mode("overwrite").parquet(ImportContext.url(folder(grouping)));
    }

    private Path folder(Grouping grouping) {
        return context.staging(FOLDER).resolve(grouping.name().toLowerCase(Locale.ROOT));
    }

    /** What {@link #run} has written. */
    Dataset<Row> leftOut() {
        String[] passes = Stream.of(Grouping.values())
                .map(this::folder)
                .filter(Files::isDirectory)
                .map(ImportContext::url)
                .toArray(String[]::new);
        return passes.length == 0
                ? spark.createDataFrame(List.<Row>of(), LEFT_OUT)
                : spark.read().schema(LEFT_OUT).parquet(passes);
    }

    private Dataset<Row> stagedKeys(TableDefinition definition) {
        return KeyColumns.ofStaged(definition, StagedRows.read(spark, context, definition));
    }

    /** Keys of this user's rows in the months that staged rows can meet; empty where there are no such months. */
    private Optional<Dataset<Row>> tableKeys(TableDefinition definition, Optional<Collection<String>> months) {
        TreeSet<String> wanted = new TreeSet<>();
        for (PartitionFiles files : lake.partitions(definition.name())) {
            files.partition().value().map(PartitionValue::value).ifPresent(wanted::add);
        }
        if (months.isPresent()) {
            wanted.retainAll(reach(definition, months.get()));
        }
        if (wanted.isEmpty()) {
            return Optional.empty();
        }
        Dataset<Row> rows = lake.read(definition.name())
                .where(col(EventColumns.MONTH)
                        .isin(wanted.toArray())
                        .and(col(ProvenanceColumns.USER_ID).equalTo(context.userId())));
        Column origin = when(col(ProvenanceColumns.IMPORT_ID).equalTo(context.importId()), Origin.LANDED.ordinal())
                .otherwise(Origin.KEPT.ordinal());
        return Optional.of(KeyColumns.ofTable(definition, rows, origin));
    }

    /** The months that rows of the given months can meet rows of. */
    private static Set<String> reach(TableDefinition definition, Collection<String> months) {
        Set<String> reach = new TreeSet<>(months);
        if (MatchRule.of(definition.name()).isPresent()) {
            months.forEach(month -> reach.addAll(adjacent(month)));
        }
        return reach;
    }

    /** The months beside a month: an event's time can shift by its zone. */
    static List<String> adjacent(String month) {
        if (month.equals(EventColumns.UNDATED)) {
            return List.of();
        }
        YearMonth of = YearMonth.parse(month);
        return List.of(of.minusMonths(1).toString(), of.plusMonths(1).toString());
    }
}
