package io.datapunk.tiering.heat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

class ScanCountsTest {
    private static final Instant THEN = Instant.parse("2026-03-25T10:00:00Z");

    @Example
    void theFirstLookCountsNothing() {
        assertThat(ScanCounts.accesses(Optional.empty(), THEN, 1_000, THEN)).isZero();
    }

    @Example
    void whatWasAddedSinceCounts() {
        assertThat(accesses(100, 107, 60)).isEqualTo(7);
    }

    @Example
    void aCounterThatBeganAgainCountsFromZero() {
        assertThat(accesses(100, 7, 60)).isEqualTo(7);
    }

    @Example
    void aClockThatWasSetBackLeavesOneMinute() {
        assertThat(accesses(100, 107, -60)).isEqualTo(1);
    }

    @Property
    void aLeafHasAtMostOneAccessAMinuteAndNeverLessThanNone(
            @ForAll @LongRange(min = 0) long before,
            @ForAll @LongRange(min = 0) long scans,
            @ForAll @IntRange(min = 1, max = 100_000) int minutes) {
        assertThat(accesses(before, scans, minutes)).isBetween(0L, (long) minutes);
    }

    @Property
    void lookingTwiceNeverFindsMoreThanLookingOnce(
            @ForAll @IntRange(max = 1_000) int first,
            @ForAll @IntRange(max = 1_000) int second,
            @ForAll @IntRange(min = 1, max = 500) int minutes) {
        long inTwo = accesses(0, first, minutes) + accesses(first, first + second, minutes);
        assertThat(inTwo).isLessThanOrEqualTo(accesses(0, first + second, 2 * minutes));
    }

    private static long accesses(long before, long scans, int minutes) {
        return ScanCounts.accesses(Optional.of(before), THEN, scans, THEN.plus(Duration.ofMinutes(minutes)));
    }
}
