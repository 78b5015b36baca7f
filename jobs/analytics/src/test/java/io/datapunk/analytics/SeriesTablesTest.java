package io.datapunk.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.analytics.series.Rollup;
import io.datapunk.analytics.series.Trends;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.OperationalTables;
import io.datapunk.lake.model.table.RollupTables;
import io.datapunk.lake.model.table.TrendsTable;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesTablesTest {
    @TempDir
    private Path folder;

    private AnalyticsFixture lake;

    @BeforeEach
    void open() {
        lake = new AnalyticsFixture(folder, Map.of());
    }

    @Test
    void eachHourHasTheNumbersOfItsValuesAndGapsAreFilled() {
        lake.append(
                MessagesTable.DEFINITION,
                "user_id, event_time, text",
                "('ann', '2026-01-01 01:10', 'a')",
                "('ann', '2026-01-01 01:20', 'abc')",
                "('ann', '2026-01-01 01:59', null)",
                "('ann', '2026-01-01 03:00', 'ab')");

        lake.publish(Rollup.hourly());

        assertThat(lake.values(
                        RollupTables.HOURLY,
                        "series",
                        "bucket",
                        "samples",
                        "sum",
                        "round(mean, 3)",
                        "least",
                        "median",
                        "p95",
                        "most"))
                .containsExactly(
                        "[messages.characters,2026-01-01 00:00:00,0,null,null,null,null,null,null]",
                        "[messages.characters,2026-01-01 01:00:00,3,4.0,1.333,0.0,1.0,2.8,3.0]",
                        "[messages.characters,2026-01-01 02:00:00,0,null,null,null,null,null,null]",
                        "[messages.characters,2026-01-01 03:00:00,1,2.0,2.0,2.0,2.0,2.0,2.0]");
    }

    @Test
    void whatPartsOfTheApplicationsTellOfThemselvesIsASeriesEach() {
        lake.appendRows(OperationalTables.HEALTH_METRICS, SharedSpark.session().sql("""
                SELECT component, status, metrics_data, timestamp(at) AS measured_at, substr(at, 1, 7) AS month
                  FROM VALUES ('api', 'ok', '{"latency_ms": 12.5, "version": "1.2", "queue": 3, "host": "a"}',
                               '2026-01-01 00:10'),
                              ('api', 'ok', '{"latency_ms": 7.5}', '2026-01-01 00:20'),
                              ('api', 'down', null, '2026-01-01 00:30') AS given(component, status, metrics_data, at)
                """));

        lake.publish(Rollup.hourly());

        assertThat(lake.values(RollupTables.HOURLY, "series", "user_id", "bucket", "samples", "mean"))
                .as("numbers, also those in quotation marks; other texts are none")
                .containsExactlyInAnyOrder(
                        "[health.api.latency_ms,null,2026-01-01 00:00:00,2,10.0]",
                        "[health.api.queue,null,2026-01-01 00:00:00,1,3.0]",
                        "[health.api.version,null,2026-01-01 00:00:00,1,1.2]");
    }

    @Test
    void aSeriesIsFilledToTheEndOfTheMonthAndAfterThatToTheNewestValueOfAll() {
        lake.append(MessagesTable.DEFINITION, "user_id, event_time, text", "('ann', '2026-01-30 01:00', 'a')");
        lake.append(ActivityTable.DEFINITION, "user_id, event_time", "('bob', '2026-02-02 01:00')");

        lake.publish(Rollup.daily());

        assertThat(lake.values(RollupTables.DAILY, "user_id", "bucket", "samples").stream()
                        .filter(row -> !row.contains("2026-01-0") && !row.contains("2026-01-1")))
                .as("ann's January begins with its first day; February ends with bob's last event")
                .contains("[ann,2026-01-29 00:00:00,0]", "[ann,2026-01-30 00:00:00,1]", "[ann,2026-01-31 00:00:00,0]")
                .endsWith("[bob,2026-02-01 00:00:00,0]", "[bob,2026-02-02 00:00:00,1]");
        assertThat(lake.rows(RollupTables.DAILY).where("user_id = 'ann'").count())
                .isEqualTo(31);
    }

    @Test
    void trendsAreOfTheSamplesOfEachDay() {
        StringBuilder rows = new StringBuilder();
        for (int day = 1; day <= 28; day++) {
            for (int sample = 0; sample < day; sample++) {
                rows.append(rows.isEmpty() ? "" : ", ").append("('ann', '2026-02-%02d 10:00')".formatted(day));
            }
        }
        rows.append(", ('bob', '2026-02-03 10:00'), ('bob', '2026-02-05 10:00')");
        lake.append(ActivityTable.DEFINITION, "user_id, event_time", rows.toString());

        lake.publish(Rollup.daily(), new Trends());

        assertThat(lake.values(
                        TrendsTable.DEFINITION,
                        "user_id",
                        "from_day",
                        "to_day",
                        "days",
                        "round(mean, 3)",
                        "round(slope_per_day, 6)",
                        "round(trend_strength, 6)",
                        "round(week_strength, 6)"))
                .containsExactly(
                        "[ann,2026-02-01,2026-02-28,28,14.5,1.0,1.0,0.0]",
                        "[bob,2026-02-03,2026-02-05,3,0.667,null,null,null]");
    }
}
