package io.datapunk.ingest.job;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.unix_micros;
import static org.apache.spark.sql.functions.when;

import io.datapunk.ingest.job.KeyRow.Origin;
import io.datapunk.ingest.record.MatchRule;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.DuplicatesTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.MediaTable;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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

    private static final String ORIGIN = "origin";
    private static final String TIME = "time";
    private static final String LATITUDE = ActivityTable.LATITUDE;
    private static final String LONGITUDE = ActivityTable.LONGITUDE;
    private static final String DISTINCTION = "distinction";

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

    private static final int AT_ID = 2;
    private static final int AT_MATCH_KEY = 3;
    private static final int AT_SOURCE = 12;

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
        write(keys, rows, AT_MATCH_KEY, 1);
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
        write(keys, staged.rows(BY_CONTENT.name()), AT_ID, 0);
        Dataset<Row> numbers = spark.read()
                .schema(LEFT_OUT)
                .parquet(context.stagingOf(FOLDER) + "/pass-0")
                .select(col(StagedTable.ROW).as("left"));
        return stagedKeys.join(numbers, stagedKeys.col(StagedTable.ROW).equalTo(numbers.col("left")), "left_anti");
    }

    private void write(Dataset<Row> keys, long rows, int groupAt, int pass) {
        int tasks = (int) Math.max(spark.sparkContext().defaultParallelism(), rows / KEYS_PER_TASK);
        Column group = col(groupAt == AT_ID ? ProvenanceColumns.ID : ProvenanceColumns.MATCH_KEY);
        keys.repartition(rows < KEYS_OF_ONE_TASK ? 1 : tasks, group)
                .sortWithinPartitions(col(DuplicatesTable.DATASET), group, col(TIME))
                .mapPartitions(
                        (MapPartitionsFunction<Row, Row>) partition -> new LeftOut(partition, groupAt),
                        Encoders.row(LEFT_OUT))
                .write()
                .mode("overwrite")
                .parquet(context.stagingOf(FOLDER) + "/pass-" + pass);
    }

    /** What {@link #run} has written. */
    Dataset<Row> leftOut() {
        List<String> passes = new ArrayList<>();
        for (int pass = 0; pass < 2; pass++) {
            String folder = context.stagingOf(FOLDER) + "/pass-" + pass;
            if (Files.isDirectory(Path.of(folder))) {
                passes.add(folder);
            }
        }
        return passes.isEmpty()
                ? spark.createDataFrame(List.<Row>of(), LEFT_OUT)
                : spark.read().schema(LEFT_OUT).parquet(passes.toArray(String[]::new));
    }

    private Dataset<Row> stagedKeys(TableDefinition definition) {
        Dataset<Row> rows = StagedRows.read(spark, context, definition);
        return keys(definition, rows, lit(Origin.STAGED.name()), col(StagedTable.ROW), col(StagedTable.FILE));
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
        return Optional.of(keys(
                definition,
                rows,
                when(col(ProvenanceColumns.IMPORT_ID).equalTo(context.importId()), Origin.LANDED.name())
                        .otherwise(Origin.KEPT.name()),
                lit(0L),
                lit(0)));
    }

    /** The months that rows of the given months can meet rows of. */
    private static Set<String> reach(TableDefinition definition, Collection<String> months) {
        Set<String> reach = new TreeSet<>(months);
        if (MatchRule.of(definition.name()).isPresent()) {
            months.forEach(month -> reach.addAll(adjacent(month)));
        }
        return reach;
    }

    private static Dataset<Row> keys(
            TableDefinition definition, Dataset<Row> rows, Column origin, Column row, Column file) {
        List<String> names = definition.columnNames();
        Optional<String> distinction = MatchRule.of(definition.name()).flatMap(MatchRule::distinctionColumn);
        return rows.select(
                lit(definition.name().toString()).as(DuplicatesTable.DATASET),
                origin.as(ORIGIN),
                col(ProvenanceColumns.ID),
                col(ProvenanceColumns.MATCH_KEY),
                row.as(StagedTable.ROW),
                file.as(StagedTable.FILE),
                col(ProvenanceColumns.POSITION),
                unix_micros(col(EventColumns.EVENT_TIME)).as(TIME),
                optional(names, EventColumns.ZONE_CERTAINTY, "string"),
                optional(names, LATITUDE, "double"),
                optional(names, LONGITUDE, "double"),
                (distinction.isPresent() ? col(distinction.get()) : lit(null))
                        .cast("string")
                        .as(DISTINCTION),
                col(ProvenanceColumns.SOURCE));
    }

    private static Column optional(List<String> names, String name, String type) {
        return (names.contains(name) ? col(name) : lit(null)).cast(type).as(name);
    }

    /** The months beside a month: an event's time can shift by its zone. */
    static List<String> adjacent(String month) {
        if (month.equals(EventColumns.UNDATED)) {
            return List.of();
        }
        YearMonth of = YearMonth.parse(month);
        return List.of(of.minusMonths(1).toString(), of.plusMonths(1).toString());
    }

    /** Walks through sorted keys, group by group. */
    private static final class LeftOut implements Iterator<Row> {
        /** Above this many rows a group is decided in parts, cut where no rule reaches across. */
        private static final int LARGE_GROUP = 50_000;

        /** Above this many rows a group is cut between two times even where a rule could reach across. */
        private static final int LARGEST_GROUP = 500_000;

        private final Iterator<Row> keys;
        private final int groupAt;
        private Iterator<Row> ready = List.<Row>of().iterator();
        private Row next;

        LeftOut(Iterator<Row> keys, int groupAt) {
            this.keys = keys;
            this.groupAt = groupAt;
            advance();
        }

        private void advance() {
            next = keys.hasNext() ? keys.next() : null;
        }

        @Override
        public boolean hasNext() {
            while (!ready.hasNext() && next != null) {
                ready = group();
            }
            return ready.hasNext();
        }

        @Override
        public Row next() {
            if (!hasNext()) {
                throw new java.util.NoSuchElementException();
            }
            return ready.next();
        }

        private Iterator<Row> group() {
            String dataset = next.getString(0);
            String group = next.getString(groupAt);
            Map<Long, Row> staged = new HashMap<>(2);
            List<KeyRow> rows = new ArrayList<>(2);
            do {
                if (next.getString(1).equals(Origin.STAGED.name())) {
                    staged.put(next.getLong(4), next);
                }
                rows.add(keyRow(next));
                advance();
            } while (next != null
                    && next.getString(groupAt).equals(group)
                    && next.getString(0).equals(dataset)
                    && !isCut(rows));
            List<Row> leftOut = new ArrayList<>();
            Optional<MatchRule> rule =
                    rows.size() == 1 || groupAt == AT_ID ? Optional.empty() : MatchRule.of(DatasetName.parse(dataset));
            for (MatchGroup.Duplicate duplicate : MatchGroup.duplicates(rule, rows)) {
                KeyRow row = duplicate.row();
                leftOut.add(RowFactory.create(
                        dataset,
                        row.row(),
                        row.file(),
                        staged.get(row.row()).getString(AT_SOURCE),
                        row.id(),
                        staged.get(row.row()).getString(AT_MATCH_KEY),
                        row.position(),
                        duplicate.keptId(),
                        duplicate.rule()));
            }
            return leftOut.iterator();
        }

        private boolean isCut(List<KeyRow> rows) {
            if (rows.size() < LARGE_GROUP || next.isNullAt(7)) {
                return false;
            }
            Long last = rows.get(rows.size() - 1).timeMicros();
            long apart = last == null ? Long.MAX_VALUE : next.getLong(7) - last;
            return apart > (rows.size() < LARGEST_GROUP ? MatchGroup.WIDEST_MICROS : 0);
        }

        private static KeyRow keyRow(Row row) {
            return new KeyRow(
                    Origin.valueOf(row.getString(1)),
                    row.getString(2),
                    row.getLong(4),
                    row.getInt(5),
                    row.getLong(6),
                    row.isNullAt(7) ? null : row.getLong(7),
                    row.getString(8),
                    row.isNullAt(9) ? null : row.getDouble(9),
                    row.isNullAt(10) ? null : row.getDouble(10),
                    row.getString(11));
        }
    }
}
