package io.datapunk.analytics;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_format;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;

import io.datapunk.analytics.publish.PublishJob;
import io.datapunk.analytics.publish.PublishJob.Published;
import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableChanges;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableVersion;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.PublishedColumns;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** A lake whose tables have what a test gives them. */
final class AnalyticsFixture {
    static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    final SparkSession spark;
    final LakeHome home;
    final LakeConfig config;

    AnalyticsFixture(Path folder, Map<String, String> settings) {
        this.spark = SharedSpark.session(folder);
        this.config = LakeConfig.load(null, settings, Map.of("lake.home", folder.toString()));
        this.home = LakeHome.open(config);
    }

    /**
     * Appends rows to a table of events.
     *
     * @param names of the values: {@code user_id}, {@code event_time} as text, and some of the table's own
     * @param rows each in the form of SQL, as {@code ('ann', '2026-01-05 10:00', 'Search')}
     */
    void append(TableDefinition table, String names, String... rows) {
        Dataset<Row> given = spark.sql("select * from values " + String.join(", ", rows) + " as given(" + names + ")");
        Column time = col(EventColumns.EVENT_TIME).cast("timestamp");
        appendRows(
                table,
                given.withColumn(EventColumns.EVENT_TIME, time)
                        .withColumn(
                                EventColumns.MONTH, coalesce(date_format(time, "yyyy-MM"), lit(EventColumns.UNDATED))));
    }

    /** Appends rows that have the table's own columns; what tells where they come from is added. */
    void appendRows(TableDefinition table, Dataset<Row> rows) {
        Dataset<Row> whole = rows;
        List<String> given = Arrays.asList(rows.columns());
        if (table.columnNames().contains(ProvenanceColumns.ID)) {
            whole = whole.withColumn(
                            ProvenanceColumns.ID,
                            given.contains(ProvenanceColumns.ID) ? col(ProvenanceColumns.ID) : expr("uuid()"))
                    .withColumn(ProvenanceColumns.MATCH_KEY, lit("key"))
                    .withColumn(ProvenanceColumns.SOURCE, lit("test"))
                    .withColumn(ProvenanceColumns.IMPORT_ID, lit("import"))
                    .withColumn(ProvenanceColumns.ENTRY, lit("entry"))
                    .withColumn(ProvenanceColumns.POSITION, lit(0L))
                    .withColumn(ProvenanceColumns.INGESTED_AT, lit(NOW));
        }
        DeltaTables.ensure(spark, home, table);
        new DeltaAppend(spark, home).append(table, whole);
    }

    /** @param rows as {@code ('2026-01-05 10:00', 'user_data.activity/month=2026-01', 3)} */
    void accesses(String... rows) {
        appendRows(
                AccessHoursTable.DEFINITION,
                spark.sql("select timestamp(hour) as hour, partition, bigint(accesses) as accesses, "
                        + "date_format(hour, 'yyyy-MM-dd') as day from values " + String.join(", ", rows)
                        + " as given(hour, partition, accesses)"));
    }

    List<Published> publish(PublishedTable... tables) {
        return publish(List.of(tables), false);
    }

    List<Published> publish(List<PublishedTable> tables, boolean full) {
        return new PublishJob(() -> spark, config, home)
                .run(new PublishJob.Request(tables, full, false, NOW), Progress.NONE);
    }

    Dataset<Row> rows(TableDefinition table) {
        return spark.read().format("delta").load(home.tablePath(table.name()));
    }

    /** What a published table says, each row as text, without when it was computed and of which versions. */
    List<String> content(PublishedTable table) {
        return content(table.definition(), rows(table.definition()));
    }

    /** What it has to say: what is computed of its sources as they are, of all months at once. */
    List<String> expected(PublishedTable table) {
        TableChanges changes = new TableChanges(TableLog.of(config, home));
        Map<DatasetName, TableVersion> versions = new TreeMap<>();
        table.sources().forEach(source -> changes.newest(source.name())
                .ifPresent(version -> versions.put(source.name(), version)));
        return content(table.definition(), table.rows(new Sources(spark, home, versions, Optional.empty())));
    }

    private static List<String> content(TableDefinition definition, Dataset<Row> rows) {
        Column[] own = definition.columnNames().stream()
                .filter(name ->
                        !name.equals(PublishedColumns.COMPUTED_AT) && !name.equals(PublishedColumns.SOURCE_VERSIONS))
                .map(functions::col)
                .toArray(Column[]::new);
        return rows.select(own).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }

    /** Values as texts, in the order of all of them. */
    List<String> values(TableDefinition table, String... expressions) {
        Column[] texts = Arrays.stream(expressions)
                .map(expression -> expr(expression).cast("string"))
                .toArray(Column[]::new);
        return rows(table).select(texts).collectAsList().stream()
                .map(Row::toString)
                .sorted()
                .toList();
    }
}
