package io.datapunk.analytics.quality.dqdl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.analytics.quality.RuleSets;
import io.datapunk.analytics.quality.rule.CheckType;
import io.datapunk.analytics.quality.rule.Expectation;
import io.datapunk.analytics.quality.rule.Measure;
import io.datapunk.analytics.quality.rule.Rule;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DqdlRulesTest {
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "IsComplete \"a\"                            | completeness | (§a§ IS NOT NULL)",
                "ColumnValues \"a\" between -90 and 90       | range   | coalesce(§a§ > -90 AND §a§ < 90, false)",
                "ColumnValues \"a\" >= 0.5                   | range   | coalesce(§a§ >= 0.5, false)",
                "ColumnValues \"a\" in [\"x\", NULL, \"it's\"] | range | coalesce(§a§ = 'x' OR §a§ IS NULL OR §a§ = 'it\\'s', false)",
                "ColumnValues \"a\" not in [\"x\"]           | range   | NOT coalesce(§a§ = 'x', false)",
                "ColumnValues \"a\" != NULL                  | range   | NOT coalesce(§a§ IS NULL, false)",
                "ColumnValues \"a\" = EMPTY                  | range   | coalesce(§a§ = '', false)",
                "ColumnValues \"a\" matches \"^[0-9]+$\"     | pattern | coalesce(§a§ RLIKE '^[0-9]+$', false)",
                "ColumnValues \"a\" not matches \"x\"        | pattern | coalesce(NOT §a§ RLIKE 'x', false)",
                "ColumnValues \"a\" > (now() - 3 days)       | range   | coalesce(§a§ > TIMESTAMP '2026-05-29T00:00:00Z', false)",
                "ColumnValues \"a\" < \"2020-01-01\"         | range   | coalesce(§a§ < TIMESTAMP '2020-01-01T00:00:00Z', false)",
                "ColumnLength \"a\" = 32                     | range   | coalesce(length(§a§) = 32, false)",
                "ColumnDataType \"a\" = \"Integer\"          | pattern | (§a§ IS NULL OR try_cast(cast(§a§ AS STRING) AS int) IS NOT NULL)"
            })
    void aRuleAboutRowsIsACondition(String text, String type, String condition) {
        Rule.Simple rule = simple(text);

        assertThat(rule.type()).hasToString(type);
        assertThat(rule.measure()).isEqualTo(new Measure.Share(condition.replace('§', '`'), Optional.empty()));
        assertThat(rule.expectation()).isSameAs(Expectation.ALL);
    }

    @Test
    void rowsThatCountAndHowManyHaveToBeGoodCanBeSaid() {
        Rule.Simple rule = simple("ColumnValues \"a\" > 0 where \"b = 'x'\" with threshold > 0.9");

        assertThat(rule.measure()).isEqualTo(new Measure.Share("coalesce(`a` > 0, false)", Optional.of("b = 'x'")));
        assertThat(rule.expectation().isMetBy(0.91, List.of())).isTrue();
        assertThat(rule.expectation().isMetBy(0.89, List.of())).isFalse();
    }

    @Test
    void aConstraintHoldsForRowsThatCountOnly() {
        Rule.Simple rule = simple("ColumnValues \"a\" > 0 where \"b = 1\" with constraint = \"a_is_positive\"");

        assertThat(rule.constraint()).contains("a_is_positive");
        assertThat(((Measure.Share) rule.measure()).condition())
                .isEqualTo("NOT coalesce(b = 1, false) OR coalesce(`a` > 0, false)");
    }

    @Test
    void aNumberCanBeComparedWithWhatWasMeasuredBefore() {
        Expectation expectation = simple("RowCount > avg(last(3)) * 0.8").expectation();

        assertThat(expectation.isMetBy(81, List.of(100.0, 110.0, 90.0, 5_000.0)))
                .as("the last three are 100 in the mean")
                .isTrue();
        assertThat(expectation.isMetBy(79, List.of(100.0, 110.0, 90.0))).isFalse();
        assertThat(expectation.isMetBy(1, List.of())).as("in the first run").isTrue();
    }

    @Test
    void referencesNameOneColumnOrSeveral() {
        assertThat(simple("ReferentialIntegrity \"user_id\" \"lake.users.user_id\" = 1.0")
                        .measure())
                .isEqualTo(new Measure.References(
                        List.of("user_id"), new DatasetName("lake", "users"), List.of("user_id")));
        assertThat(simple("ReferentialIntegrity \"a,b\" \"ops.other.{c,d}\" > 0.5")
                        .measure())
                .isEqualTo(
                        new Measure.References(List.of("a", "b"), new DatasetName("ops", "other"), List.of("c", "d")));
    }

    @Test
    void anAgeIsThatOfTheNewestValue() {
        Rule.Simple rule = simple("DataFreshness \"a\" <= 2 hours");

        assertThat(rule.type()).isEqualTo(CheckType.FRESHNESS);
        assertThat(rule.measure())
                .isEqualTo(new Measure.Aggregate(
                        "min(1780272000 - unix_seconds(cast(`a` AS TIMESTAMP)))", Optional.empty()));
        assertThat(rule.expectation().isMetBy(7_200, List.of())).isTrue();
        assertThat(rule.expectation().isMetBy(7_201, List.of())).isFalse();
    }

    @Test
    void rulesAreCombined() {
        Rule rule = only("(IsComplete \"a\") or (ColumnValues \"b\" > 1)");

        assertThat(rule).isInstanceOfSatisfying(Rule.Compound.class, compound -> {
            assertThat(compound.all()).isFalse();
            assertThat(compound.parts())
                    .extracting(Rule::type)
                    .containsExactly(CheckType.COMPLETENESS, CheckType.RANGE);
        });
    }

    @Test
    void everyRuleThatCannotBeMeasuredIsTold() {
        assertThatThrownBy(() -> DqdlRules.parse("mine.dqdl", """
                        Rules = [
                            IsComplete "a",
                            DetectAnomalies "Median" of "b",
                            RowCount > mode(last(3)),
                            (RowCount > avg(last(3))) or (IsComplete "a"),
                            Completeness "c" > 0.5 with constraint = "c_is_there"
                        ]
                        """, NOW))
                .isInstanceOfSatisfying(LakeException.class, e -> {
                    assertThat(e.kind()).isEqualTo(LakeException.Kind.USAGE);
                    assertThat(e.problem()).isEqualTo("rules of quality in mine.dqdl cannot be measured");
                    assertThat(e.reason())
                            .contains("there is no metric Median")
                            .contains("there is no function mode")
                            .contains("what was measured before is known of whole rules only")
                            .contains("only what holds for every row");
                });
    }

    @Test
    void whatIsNotTheLanguageIsToldWithItsPlace() {
        assertThatThrownBy(() -> DqdlRules.parse("mine.dqdl", "Rules = [ IsComplet \"a\" ]", NOW))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("mine.dqdl are not DQDL")
                .hasMessageContaining("IsComplet");
    }

    @Test
    void allRulesThatComeWithTheLakeAreReadable() {
        assertThat(RuleSets.read(Optional.empty(), NOW).keySet())
                .extracting(DatasetName::toString)
                .contains(
                        "user_data.activity",
                        "user_data.messages",
                        "user_data.locations",
                        "lake.users",
                        "imports.files");
    }

    private static Rule.Simple simple(String text) {
        return (Rule.Simple) only(text);
    }

    private static Rule only(String text) {
        List<Rule> rules = DqdlRules.parse("test.dqdl", "Rules = [ " + text + " ]", NOW);
        assertThat(rules).hasSize(1);
        return rules.get(0);
    }
}
