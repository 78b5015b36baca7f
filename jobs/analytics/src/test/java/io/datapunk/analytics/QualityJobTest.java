package io.datapunk.analytics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.analytics.quality.QualityJob;
import io.datapunk.analytics.quality.TableQuality;
import io.datapunk.analytics.quality.TableQuality.Check;
import io.datapunk.analytics.quality.TableQuality.Score;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.QualityChecksTable;
import io.datapunk.lake.model.table.UsersTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QualityJobTest {
    private static final DatasetName ACTIVITY = ActivityTable.DEFINITION.name();

    @TempDir
    private Path folder;

    @TempDir
    private Path rules;

    private AnalyticsFixture lake;

    @BeforeEach
    void openLake() {
        lake = new AnalyticsFixture(folder, Map.of("LAKE_ANALYTICS_QUALITY_RULES", rules.toString()));
    }

    @Test
    void rowsThatAreNotGoodAreCountedAndLocated() throws IOException {
        write("""
                IsPrimaryKey "id",
                IsComplete "title",
                Completeness "title" > 0.7,
                ColumnValues "latitude" <= 90 where "latitude IS NOT NULL",
                ColumnValues "url" matches "^https:" with threshold > 0.4,
                (IsComplete "title") or (RowCount > 3),
                ReferentialIntegrity "user_id" "lake.users.user_id" = 1.0,
                Mean "latitude" between 40 and 60,
                RowCount >= 4,
                DistinctValuesCount "user_id" = 2,
                CustomSql "select count(*) from primary where title = url" = 0,
                ColumnCount > 10
                """);
        lake.append(
                ActivityTable.DEFINITION,
                "id, user_id, event_time, title, url, latitude",
                "('a', 'ann', '2026-01-05 10:00', 'one', 'https://x', 10.0D)",
                "('b', 'ann', '2026-01-06 10:00', 'two', 'https://y', 91.0D)",
                "('b', 'bob', '2026-02-05 10:00', null, 'http://z', null)",
                "('c', 'bob', null, 'four', null, null)");
        lake.appendRows(
                UsersTable.DEFINITION,
                lake.spark.sql("select 'ann' as user_id, 'Ann' as name, timestamp'2026-01-01' as created_at"));

        TableQuality quality = measure();

        assertThat(quality.table()).isEqualTo("user_data.activity");
        assertThat(quality.rows()).isEqualTo(4);
        assertThat(quality.checks())
                .extracting(Check::rule, Check::passed, Check::value, Check::failing, Check::months)
                .containsExactly(
                        rows("IsPrimaryKey \"id\"", false, 0.5, 2),
                        rows("IsComplete \"title\"", false, 0.75, 1, "2026-02"),
                        rows("Completeness \"title\" > 0.7", true, 0.75, 1, "2026-02"),
                        rows(
                                "ColumnValues \"latitude\" <= 90 where \"latitude IS NOT NULL\"",
                                false,
                                0.5,
                                1,
                                "2026-01"),
                        rows(
                                "ColumnValues \"url\" matches \"^https:\" with threshold > 0.4",
                                true,
                                0.5,
                                2,
                                "2026-02",
                                "undated"),
                        tuple(
                                "(IsComplete \"title\") OR (RowCount > 3)",
                                true,
                                OptionalDouble.empty(),
                                OptionalLong.empty(),
                                List.of()),
                        rows(
                                "ReferentialIntegrity \"user_id\" \"lake.users.user_id\" = 1.0",
                                false,
                                0.5,
                                2,
                                "2026-02",
                                "undated"),
                        number("Mean \"latitude\" between 40 and 60", 50.5),
                        number("RowCount >= 4", 4),
                        number("DistinctValuesCount \"user_id\" = 2", 2),
                        number("CustomSql \"select count(*) from primary where title = url\" = 0", 0),
                        number(
                                "ColumnCount > 10",
                                ActivityTable.DEFINITION.columns().size()));
        assertThat(quality.scores())
                .extracting(Score::checkType, Score::score)
                .contains(tuple("uniqueness", (0.5 + 1) / 2), tuple("referential", 0.5), tuple("volume", 1.0));
        assertThat(lake
                        .values(
                                QualityChecksTable.DEFINITION,
                                "dataset",
                                "rule",
                                "passed",
                                "score",
                                "rows",
                                "failing",
                                "get(months, 0)")
                        .stream()
                        .filter(row -> row.contains("IsComplete \"title\",")))
                .containsExactly("[user_data.activity,IsComplete \"title\",false,0.75,4,1,2026-02]");
    }

    @Test
    void aMonthThatBreaksWithThoseBeforeIsAnAnomaly() throws IOException {
        write("""
                DetectAnomalies "RowCount",
                DetectAnomalies "Distribution" of "product",
                DetectAnomalies "Completeness" of "title"
                """);
        List<String> rows = new ArrayList<>();
        for (int month = 1; month <= 12; month++) {
            boolean last = month == 11;
            // December may still be filling, November has a fifth of the rows, and none of Maps.
            for (int i = 0; i < (last ? 8 : 40 + month % 3); i++) {
                rows.add("('ann', '2025-%02d-%02d 10:00', '%s', 'title')"
                        .formatted(month, 1 + i % 28, i % 2 == 0 || last ? "Search" : "Maps"));
            }
        }
        lake.append(ActivityTable.DEFINITION, "user_id, event_time, product, title", rows.toArray(String[]::new));

        List<Check> checks = measure().checks();

        assertThat(checks).extracting(Check::checkType).containsExactly("volume", "drift", "drift");
        assertThat(checks).extracting(Check::passed).containsExactly(false, false, true);
        assertThat(checks.get(0).detail().orElseThrow()).startsWith("2025-11 has 8, expected 3");
        assertThat(checks.get(1).detail().orElseThrow()).startsWith("population stability index of 2025-11 is ");
    }

    @Test
    void whatCannotBeMeasuredFailsAndTheOthersAreMeasured() throws IOException {
        write("""
                IsComplete "nothing",
                ColumnValues "title" > 5,
                ReferentialIntegrity "user_id" "ops.nowhere.id" = 1.0,
                IsUnique "nobody",
                Mean "latitude" > 0,
                IsComplete "user_id"
                """);
        lake.append(ActivityTable.DEFINITION, "user_id, event_time, title", "('ann', '2026-01-05 10:00', 'my secret')");

        TableQuality quality = measure();

        assertThat(quality.checks()).extracting(Check::passed).containsExactly(false, false, false, false, false, true);
        assertThat(quality.checks().stream().flatMap(check -> check.detail().stream()))
                .as("values of rows are told nowhere")
                .noneMatch(detail -> detail.contains("secret"))
                .satisfiesExactly(
                        detail -> assertThat(detail).contains("nothing"),
                        detail -> assertThat(detail).isEqualTo("Spark: CAST_INVALID_INPUT"),
                        detail -> assertThat(detail).isEqualTo("there is no table ops.nowhere"),
                        detail -> assertThat(detail).contains("nobody"),
                        detail -> assertThat(detail).isEqualTo("there are no values"));
    }

    @Test
    void aNumberIsComparedWithEarlierRuns() throws IOException {
        write("RowCount > avg(last(2)) * 0.9");
        lake.append(
                ActivityTable.DEFINITION,
                "user_id, event_time",
                "('ann', '2026-01-05 10:00')",
                "('ann', '2026-01-05 11:00')");
        assertThat(measure().failed()).as("nothing to compare with").isEmpty();

        lake.spark.sql("DELETE FROM delta.`" + lake.home.tablePath(ACTIVITY) + "` WHERE hour(event_time) = 11");

        assertThat(measure().failed()).extracting(Check::value).containsExactly(OptionalDouble.of(1));
    }

    @Test
    void aConstraintIsHeldByDeltaAsSoonAsAllRowsMeetIt() throws IOException {
        write("ColumnValues \"latitude\" <= 90 where \"latitude IS NOT NULL\" with constraint = \"latitude\"");
        lake.append(
                ActivityTable.DEFINITION,
                "id, user_id, event_time, latitude",
                "('a', 'ann', '2026-01-05 10:00', 91.0D)");
        assertThat(measure().failed()).hasSize(1);
        lake.spark.sql("DELETE FROM delta.`" + lake.home.tablePath(ACTIVITY) + "` WHERE id = 'a'");
        assertThat(measure().failed()).isEmpty();

        assertThatThrownBy(() -> lake.append(
                        ActivityTable.DEFINITION,
                        "user_id, event_time, latitude",
                        "('ann', '2026-01-05 10:00', 92.0D)"))
                .hasStackTraceContaining("quality_latitude");
        lake.append(ActivityTable.DEFINITION, "user_id, event_time, latitude", "('ann', '2026-01-05 10:00', null)");

        write("IsComplete \"user_id\"");
        measure();
        lake.append(ActivityTable.DEFINITION, "user_id, event_time, latitude", "('ann', '2026-01-05 10:00', 93.0D)");
        assertThat(lake.rows(ActivityTable.DEFINITION).count())
                .as("it went with its rule")
                .isEqualTo(2);
    }

    @Test
    void aTableWithoutRulesIsNamedWithThoseThatHaveSome() {
        assertThatThrownBy(() -> run(new DatasetName("imports", "duplicates")))
                .isInstanceOfSatisfying(LakeException.class, e -> {
                    assertThat(e.problem()).isEqualTo("there are no rules of quality for imports.duplicates");
                    assertThat(e.reason()).contains("user_data.activity");
                });
    }

    private static Tuple rows(String rule, boolean passed, double share, long failing, String... months) {
        return tuple(rule, passed, OptionalDouble.of(share), OptionalLong.of(failing), List.of(months));
    }

    private static Tuple number(String rule, double value) {
        return tuple(rule, true, OptionalDouble.of(value), OptionalLong.empty(), List.of());
    }

    private void write(String text) throws IOException {
        Files.writeString(rules.resolve(ACTIVITY + ".dqdl"), "Rules = [\n" + text + "\n]\n");
    }

    private TableQuality measure() {
        List<TableQuality> tables = run(ACTIVITY);
        assertThat(tables).hasSize(1);
        return tables.get(0);
    }

    private List<TableQuality> run(DatasetName table) {
        return new QualityJob(lake.spark, lake.config, lake.home)
                .run(new QualityJob.Request(List.of(table), false, AnalyticsFixture.NOW), Progress.NONE);
    }
}
