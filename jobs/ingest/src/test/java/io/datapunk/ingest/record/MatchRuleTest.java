package io.datapunk.ingest.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.MediaTable;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.RecordsTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class MatchRuleTest {
    private static final Instant NOON = Instant.parse("2024-02-13T12:00:00Z");
    private static final MatchRule ACTIVITY =
            MatchRule.of(ActivityTable.DEFINITION.name()).orElseThrow();

    private static final List<MatchRule> RULES = List.of(
            ACTIVITY,
            MatchRule.of(LocationsTable.DEFINITION.name()).orElseThrow(),
            MatchRule.of(MessagesTable.DEFINITION.name()).orElseThrow(),
            MatchRule.of(MediaTable.DEFINITION.name()).orElseThrow());

    private static MatchCandidate at(String entry, Instant instant, ZoneCertainty certainty) {
        return new MatchCandidate(
                "import", entry, Optional.of(new EventTime(instant, Optional.empty(), certainty)), null, null, null);
    }

    @Test
    void exactTimesMatchToTheSecondUnlessBothHaveFractionsThatDiffer() {
        MatchCandidate whole = at("a", NOON, ZoneCertainty.EXACT);
        MatchCandidate fraction = at("b", NOON.plusMillis(123), ZoneCertainty.EXACT);
        MatchCandidate otherFraction = at("c", NOON.plusMillis(456), ZoneCertainty.EXACT);

        assertThat(ACTIVITY.sameEvent(whole, fraction)).isTrue();
        assertThat(ACTIVITY.sameEvent(fraction, otherFraction)).isFalse();
        assertThat(ACTIVITY.sameEvent(whole, at("d", NOON.plusSeconds(3600), ZoneCertainty.EXACT)))
                .isFalse();
    }

    @Test
    void anInferredOffsetMayBeOffByDaylightSavingAndAnAmbiguousOneByAnyZone() {
        MatchCandidate exact = at("a", NOON, ZoneCertainty.EXACT);

        assertThat(ACTIVITY.sameEvent(exact, at("b", NOON.plusSeconds(3600), ZoneCertainty.INFERRED)))
                .isTrue();
        assertThat(ACTIVITY.sameEvent(exact, at("b", NOON.plusSeconds(7200), ZoneCertainty.INFERRED)))
                .isFalse();
        assertThat(ACTIVITY.sameEvent(exact, at("b", NOON.minusSeconds(20_700), ZoneCertainty.AMBIGUOUS)))
                .isTrue();
        assertThat(ACTIVITY.sameEvent(exact, at("b", NOON.minusSeconds(20_701), ZoneCertainty.AMBIGUOUS)))
                .isFalse();
        assertThat(ACTIVITY.sameEvent(exact, at("b", NOON.plusSeconds(27 * 3600), ZoneCertainty.AMBIGUOUS)))
                .isFalse();
    }

    @Test
    void rawDocumentsMatchByTheirIdAlone() {
        assertThat(MatchRule.of(RecordsTable.DEFINITION.name())).isEmpty();
    }

    @Property
    void everyRuleIsSymmetricAndKeepsRecordsOfOneEntryApart(
            @ForAll("candidates") MatchCandidate one, @ForAll("candidates") MatchCandidate other) {
        for (MatchRule rule : RULES) {
            assertThat(rule.sameEvent(one, other)).isEqualTo(rule.sameEvent(other, one));
            assertThat(rule.sameEvent(one, one)).isFalse();
        }
    }

    @Provide
    Arbitrary<MatchCandidate> candidates() {
        Arbitrary<Optional<EventTime>> times = Combinators.combine(
                        Arbitraries.of(0, 1, 900, 3600, 3601).map(seconds -> NOON.plusSeconds(seconds)),
                        Arbitraries.of(0, 123, 456),
                        Arbitraries.of(ZoneCertainty.class))
                .as((instant, millis, certainty) ->
                        new EventTime(instant.plusMillis(millis), Optional.empty(), certainty))
                .optional();
        Arbitrary<Double> degrees = Arbitraries.of(1.0, 1.000001, 2.0).injectNull(0.2);
        return Combinators.combine(
                        Arbitraries.of("i", "j"),
                        Arbitraries.of("a", "b"),
                        times,
                        degrees,
                        degrees,
                        Arbitraries.of("x", "y").injectNull(0.3))
                .as(MatchCandidate::new);
    }
}
