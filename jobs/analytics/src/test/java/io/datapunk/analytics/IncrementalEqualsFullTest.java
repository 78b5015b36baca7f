package io.datapunk.analytics;

import static org.apache.spark.sql.functions.expr;
import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.MediaTable;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.OperationalTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.delta.tables.DeltaTable;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * After any changes of the sources, a refresh ends with what a full build makes, for every published table. The changes follow
 * from {@code -Dlake.test.seed}; {@code -Dlake.test.walks} and {@code -Dlake.test.steps} make more of them.
 */
class IncrementalEqualsFullTest {
    private static final int STEPS = Integer.getInteger("lake.test.steps", 1);
    private static final int CHANGES = 6;
    private static final int MONTHS = 3;
    private static final List<TableDefinition> EVENTS = List.of(
            ActivityTable.DEFINITION, MessagesTable.DEFINITION, MediaTable.DEFINITION, LocationsTable.DEFINITION);

    @TempDir
    private Path folder;

    static List<Long> seeds() {
        return new Random(Integer.getInteger("lake.test.seed", 1))
                .longs(Integer.getInteger("lake.test.walks", 1))
                .boxed()
                .toList();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void forEveryTable(long seed) {
        AnalyticsFixture lake = new AnalyticsFixture(folder, Map.of());
        List<PublishedTable> tables = PublishedTables.all(lake.config.analytics());
        Random random = new Random(seed);
        EVENTS.forEach(table -> append(lake, table, random, 200));
        appendAccesses(lake, random);
        appendMeasurements(lake, random);
        lake.publish(tables, false);
        for (int step = 0; step < STEPS; step++) {
            for (int number = 0; number < CHANGES; number++) {
                change(lake, random);
            }
            lake.publish(tables, false);
        }

        for (PublishedTable table : tables) {
            assertThat(lake.content(table))
                    .as(table.definition().name().toString())
                    .isNotEmpty()
                    .isEqualTo(lake.expected(table));
        }
    }

    private static void change(AnalyticsFixture lake, Random random) {
        TableDefinition table = EVENTS.get(random.nextInt(EVENTS.size()));
        DeltaTable delta = DeltaTable.forPath(lake.spark, lake.home.tablePath(table.name()));
        switch (random.nextInt(6)) {
            case 0, 1 -> append(lake, table, random, 1 + random.nextInt(30));
            case 2 -> delta.delete("user_id = 'user" + random.nextInt(3) + "' and pmod(hash(id), 4) = 0");
            case 3 -> delta.delete("month = '" + month(random.nextInt(MONTHS)) + "'");
            case 4 ->
                delta.updateExpr(
                        "pmod(hash(id), 5) = " + random.nextInt(5),
                        Map.of("event_time", "event_time + interval 1 minute"));
            default -> {
                appendAccesses(lake, random);
                appendMeasurements(lake, random);
                delta.optimize().executeCompaction();
            }
        }
    }

    /** Events of some months; those of one day are near each other, in time and place. */
    private static void append(AnalyticsFixture lake, TableDefinition table, Random random, int rows) {
        int last = 1 + random.nextInt(MONTHS);
        lake.appendRows(
                table,
                lake.spark
                        .range(rows)
                        .withColumn("seed", expr("xxhash64(id, " + random.nextLong() + "L)"))
                        .selectExpr(
                                "uuid() as id",
                                "concat('user', pmod(seed, 3)) as user_id",
                                "timestamp'2026-01-01' + make_interval(0, 0, 0, int(pmod(seed, " + last * 30
                                        + ")), 10, int(pmod(seed, 97))) as at",
                                "if(pmod(seed, 50) = 0, null, 'Europe/Berlin') as event_zone",
                                "pmod(seed, 40) = 0 as undated",
                                "element_at(array('YouTube', 'YouTube Music', 'Search'), int(1 + pmod(seed, 3))) as product",
                                "concat('https://host', pmod(seed, 7), '.org/') as url",
                                "concat('{\"subtitles\":[{\"name\":\"n', pmod(seed, 9), '\"}]}') as detail",
                                "concat('s', pmod(seed, 4)) as sender",
                                "array(concat('r', pmod(seed, 5))) as recipients",
                                "repeat('x', int(pmod(seed, 11))) as text",
                                "pmod(seed, 1000) as bytes",
                                "48 + pmod(seed, 3) * 0.1D as latitude",
                                "11D as longitude",
                                "pmod(seed, 100) / 7D as speed_mps")
                        .selectExpr("*", "if(undated, null, at) as event_time")
                        .selectExpr("*", "coalesce(date_format(event_time, 'yyyy-MM'), 'undated') as month"));
    }

    private static void appendAccesses(AnalyticsFixture lake, Random random) {
        String seed = "xxhash64(id, " + random.nextLong() + "L)";
        lake.appendRows(
                AccessHoursTable.DEFINITION,
                lake.spark
                        .range(30)
                        .selectExpr(
                                "timestamp'2026-01-01' + make_interval(0, 0, 0, int(pmod(" + seed + ", " + 30 * MONTHS
                                        + ")), int(pmod(" + seed + ", 24))) as hour",
                                "concat('user_data.activity/month=2026-0', 1 + pmod(" + seed + ", " + MONTHS
                                        + ")) as partition",
                                "1 + pmod(" + seed + ", 9) as accesses")
                        .selectExpr("*", "date_format(hour, 'yyyy-MM-dd') as day"));
    }

    /** What parts of the applications told of themselves, and how long their actions took. */
    private static void appendMeasurements(AnalyticsFixture lake, Random random) {
        Dataset<Row> rows = lake.spark
                .range(20)
                .withColumn("seed", expr("xxhash64(id, " + random.nextLong() + "L)"))
                .selectExpr(
                        "concat('part', pmod(seed, 2)) as component",
                        "'ok' as status",
                        "concat('{\"latency_ms\":', pmod(seed, 90), '}') as metrics_data",
                        "timestamp'2026-01-01' + make_interval(0, 0, 0, int(pmod(seed, " + 30 * MONTHS
                                + ")), int(pmod(seed, 24))) as measured_at")
                .selectExpr(
                        "*",
                        "'alert' as alert_id",
                        "'restart' as action_type",
                        "true as success",
                        "measured_at as executed_at",
                        "int(pmod(hash(measured_at), 500)) as duration_ms",
                        "date_format(measured_at, 'yyyy-MM') as month");
        lake.appendRows(OperationalTables.HEALTH_METRICS, rows);
        lake.appendRows(OperationalTables.ACTION_HISTORY, rows);
    }

    private static String month(int number) {
        return "2026-0" + (1 + number);
    }
}
