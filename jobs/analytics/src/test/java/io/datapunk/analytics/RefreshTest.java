package io.datapunk.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.analytics.activity.ActivityDaily;
import io.datapunk.analytics.activity.Sessions;
import io.datapunk.analytics.location.Places;
import io.datapunk.analytics.publish.PublishJob;
import io.datapunk.analytics.publish.PublishJob.Published;
import io.datapunk.analytics.publish.PublishJob.Refresh;
import io.datapunk.analytics.series.Rollup;
import io.datapunk.analytics.series.Trends;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.ActivityDailyTable;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.RollupTables;
import io.delta.tables.DeltaTable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.delta.DeltaLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is computed when, and what is not. */
class RefreshTest {
    @TempDir
    private Path folder;

    private AnalyticsFixture lake;

    @BeforeEach
    void fill() {
        lake = new AnalyticsFixture(folder, Map.of());
        append("('ann', '2026-01-05 10:00')", "('ann', '2026-02-05 10:00')", "('bob', '2026-03-05 10:00')");
    }

    @Test
    void onlyMonthsThatHaveChangedAreComputedAgain() {
        assertThat(daily().refresh()).isEqualTo(Refresh.FULL);

        append("('bob', '2026-02-05 10:00')");

        assertThat(daily())
                .satisfies(published -> assertThat(published.months()).containsExactly("2026-02"))
                .satisfies(published -> assertThat(published.rows()).isEqualTo(2))
                .satisfies(published -> assertThat(published.sources()).containsExactly("user_data.activity@2"));
        assertThat(lake.values(ActivityDailyTable.DEFINITION, "month", "user_id", "source_versions"))
                .as("each row says of which version it was computed")
                .containsExactly(
                        "[2026-01,ann,{user_data.activity -> 1}]",
                        "[2026-02,ann,{user_data.activity -> 2}]",
                        "[2026-02,bob,{user_data.activity -> 2}]",
                        "[2026-03,bob,{user_data.activity -> 1}]");
    }

    @Test
    void aMonthWhoseRowsAreGoneIsGone() {
        daily();

        source().delete("month = '2026-01'");

        assertThat(daily().months()).containsExactly("2026-01");
        assertThat(lake.values(ActivityDailyTable.DEFINITION, "month")).containsExactly("[2026-02]", "[2026-03]");
    }

    @Test
    void whatChangesNoRowIsNoReasonToCompute() {
        daily();
        append("('ann', '2026-01-05 11:00')");
        daily();

        source().optimize().executeCompaction();

        assertThat(daily().refresh()).isEqualTo(Refresh.UNCHANGED);
        assertThat(daily().refresh()).isEqualTo(Refresh.UNCHANGED);
    }

    @Test
    void otherSettingsMakeATableAnew() {
        assertThat(lake.publish(new Sessions(Duration.ofMinutes(30))).get(0).refresh())
                .isEqualTo(Refresh.FULL);
        assertThat(lake.publish(new Sessions(Duration.ofMinutes(30))).get(0).refresh())
                .isEqualTo(Refresh.UNCHANGED);

        assertThat(lake.publish(new Sessions(Duration.ofMinutes(31))).get(0).refresh())
                .isEqualTo(Refresh.FULL);
    }

    @Test
    void aTableThatTookAnothersPlaceIsReadAsAWhole() throws Exception {
        daily();
        String path = lake.home.tablePath(ActivityTable.DEFINITION.name());
        Path kept = folder.resolve("kept");
        Files.move(Path.of(path), kept);
        DeltaLog.clearCache();
        append("('carl', '2026-04-05 10:00')", "('carl', '2026-05-05 10:00')");

        assertThat(daily().refresh()).isEqualTo(Refresh.FULL);
        assertThat(lake.values(ActivityDailyTable.DEFINITION, "user_id", "month"))
                .containsExactly("[carl,2026-04]", "[carl,2026-05]");
    }

    @Test
    void theMonthThatWasTheLastIsFilledToItsEndWhenANewOneComes() {
        lake.publish(Rollup.daily());
        assertThat(lake.rows(RollupTables.DAILY).where("month = '2026-03'").count())
                .as("up to the newest event")
                .isEqualTo(5);

        append("('bob', '2026-04-02 10:00')");

        assertThat(lake.publish(Rollup.daily()).get(0).months()).containsExactly("2026-03", "2026-04");
        assertThat(lake.rows(RollupTables.DAILY).where("month = '2026-03'").count())
                .isEqualTo(31);
        assertThat(lake.rows(RollupTables.DAILY).where("month = '2026-04'").count())
                .isEqualTo(2);
    }

    @Test
    void aDryRunTellsWhatWouldBeMadeAndMakesNothing() {
        List<Published> told = new PublishJob(() -> lake.spark, lake.config, lake.home)
                .run(
                        new PublishJob.Request(
                                List.of(Rollup.daily(), new Trends(), new Places(200)),
                                false,
                                true,
                                AnalyticsFixture.NOW),
                        Progress.NONE);

        assertThat(told)
                .extracting(Published::refresh)
                .as("trends are computed of what does not exist yet; nothing would make stays")
                .containsExactly(Refresh.FULL, Refresh.FULL, Refresh.NO_SOURCE);
        assertThat(Path.of(lake.home.tablePath(RollupTables.DAILY.name()))).doesNotExist();
    }

    @Test
    void withoutSourcesThereIsNoTable() {
        assertThat(lake.publish(new Places(200)).get(0).refresh()).isEqualTo(Refresh.NO_SOURCE);
    }

    @Test
    void aNameThatDoesNotExistIsTold() {
        assertThatThrownBy(() -> PublishedTables.named(lake.config.analytics(), List.of("analytics.session")))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.reason()).contains("analytics.sessions"));
    }

    private Published daily() {
        return lake.publish(new ActivityDaily()).get(0);
    }

    private void append(String... rows) {
        lake.append(ActivityTable.DEFINITION, "user_id, event_time", rows);
    }

    private DeltaTable source() {
        return DeltaTable.forPath(lake.spark, lake.home.tablePath(ActivityTable.DEFINITION.name()));
    }
}
