package io.datapunk.maintenance.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.postgres.TuningTrials.Search;
import io.datapunk.lake.postgres.TuningTrials.SearchedColumn;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions as PostgreSQL's plans print them. */
class ScanConditionsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "(activity_1.kind = $1) | kind | EQUAL",
                "((activity_1.user_id)::text = ($2)::text) | user_id | EQUAL",
                "(a.event_time < ($1 + '1 day'::interval)) | event_time | RANGE",
                "(a.kind = ANY ($1)) | kind | EQUAL",
                "(a.user_id = (InitPlan 1).col1) | user_id | EQUAL",
                "(a.title = 'a.b) AND (it''s'::text) | title | EQUAL",
                "(a.price <= 5.00) | price | RANGE",
                "(a.url ~~ $1) | url | PART",
                "(a.url ~~* '%news%'::text) | url | PART",
                "(a.recipients @> ARRAY[$1]) | recipients | CONTAINED",
                "(a.\"Mo\"\"nth\" = 'x'::text) | Mo\"nth | EQUAL",
            })
    void aColumnThatIsComparedWithWhatIsKnownIsSearched(String condition, String column, Search search) {
        assertThat(ScanConditions.of(condition)).containsExactly(new SearchedColumn(column, search));
    }

    @Test
    void eachPartOfAnAndCounts() {
        assertThat(
                        ScanConditions.of(
                                "((a.kind = $1) AND (a.event_time >= $2) AND a.success AND (NOT a.flagged) AND (a.event_time < $3))"))
                .containsExactly(
                        new SearchedColumn("kind", Search.EQUAL),
                        new SearchedColumn("event_time", Search.RANGE),
                        new SearchedColumn("event_time", Search.RANGE));
    }

    @Test
    void whateverStandsInParenthesesIsReadInNoTime() {
        String deep = "(".repeat(5_000) + "a.kind" + ")".repeat(5_000);
        assertThat(ScanConditions.of("((" + deep + " = $1) AND (a.title = $2))"))
                .containsExactly(new SearchedColumn("title", Search.EQUAL));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "((a.kind = $1) OR (a.title = $2))",
                "(a.kind = b.kind)",
                "(a.kind <> $1)",
                "(a.url !~~ $1)",
                "(lower(a.kind) = $1)",
                "((a.latitude)::integer = $1)",
                "(a.kind IS NOT NULL)",
                "(hashed SubPlan 1)",
                "(a.kind = (SubPlan 1))",
                "(a.latitude > ALL ($1))",
                "(a.kind = lower(b.kind))"
            })
    void whatAnIndexOnAColumnWouldNotServeIsLeftOut(String condition) {
        assertThat(ScanConditions.of(condition)).isEmpty();
    }
}
