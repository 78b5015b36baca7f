package io.datapunk.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.analytics.capacity.CapacityReport;
import io.datapunk.analytics.capacity.CapacityReport.Size;
import io.datapunk.analytics.capacity.ForecastJob;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.StorageTables;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ForecastJobTest {
    @TempDir
    private Path folder;

    @Test
    void whatIsMeasuredDayByDayIsForeseenAndKept() {
        AnalyticsFixture lake = new AnalyticsFixture(folder, Map.of("LAKE_ANALYTICS_CAPACITY_WARM", "1 KiB"));
        lake.append(
                ActivityTable.DEFINITION,
                "user_id, event_time",
                "('ann', '2026-01-05 10:00')",
                "('ann', '2026-02-05 11:00')");
        Instant first = Instant.now();
        long bytes = TableLog.of(lake.config, lake.home)
                .snapshot(ActivityTable.DEFINITION.name())
                .orElseThrow()
                .bytes();

        CapacityReport report = run(lake, first, false);

        assertThat(report.problems()).isEmpty();
        assertThat(size(report, "tier", "WARM").bytes()).isEqualTo(bytes);
        assertThat(size(report, "tier", "COLD").bytes()).isZero();
        assertThat(size(report, "lake", "tables").bytesAhead())
                .as("of one day nothing is foreseen")
                .isEmpty();
        assertThat(size(report, "volume", "home").capacityBytes())
                .hasValue(folder.toFile().getTotalSpace());
        assertThat(report.compressionRatios()).containsOnlyKeys("lz4_raw");
        assertThat(report.writeAmplification()).hasValue(1.0);

        // What was measured is in the lake as well, so that it grows a little from day to day.
        CapacityReport later = run(lake, first.plus(Duration.ofDays(20)), true);

        Size warm = size(later, "tier", "WARM");
        assertThat(warm.bytes()).isGreaterThan(bytes);
        assertThat(warm.bytesAhead().orElseThrow()).isGreaterThan(warm.bytes() / 2);
        assertThat(warm.daysToFull()).as("there is more already than room").hasValue(1);
        assertThat(lake.values(StorageTables.MEASURED, "subject", "name", "metric", "bigint(value)"))
                .as("a dry run keeps nothing")
                .contains(
                        "[dataset,user_data.activity,bytes," + bytes + "]",
                        "[dataset,user_data.activity,files,2]",
                        "[dataset,user_data.activity,partitions,2]",
                        "[dataset,user_data.activity,rows,2]",
                        "[tier,WARM,bytes," + bytes + "]")
                .doesNotHaveDuplicates();
        assertThat(lake.rows(StorageTables.FORESEEN).count()).isZero();

        run(lake, first.plus(Duration.ofDays(20)), false);
        assertThat(lake.values(StorageTables.FORESEEN, "subject", "name", "capacity", "count(*) over ()"))
                .contains(
                        "[tier,WARM,1024.0," + lake.rows(StorageTables.FORESEEN).count() + "]");
        assertThat(lake.rows(StorageTables.FORESEEN)
                        .where("subject = 'tier' and name = 'WARM'")
                        .count())
                .isEqualTo(183);
    }

    private static Size size(CapacityReport report, String subject, String name) {
        List<Size> found = report.sizes().stream()
                .filter(size -> size.subject().equals(subject) && size.name().equals(name))
                .toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static CapacityReport run(AnalyticsFixture lake, Instant now, boolean dryRun) {
        return new ForecastJob(lake.spark, lake.config, lake.home).run(now, dryRun, Progress.NONE);
    }
}
