package io.datapunk.analytics.quality.rule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.YearMonth;
import java.util.List;
import org.junit.jupiter.api.Test;

class DistributionsTest {
    @Test
    void equalSharesAreNoShift() {
        assertThat(new Distributions(new long[] {500, 300, 200}, new long[] {50, 30, 20}).index())
                .isCloseTo(0, within(0.001));
    }

    @Test
    void theIndexIsThatOfTheLiterature() {
        // (0.5 - 0.25) ln(0.5 / 0.25) + (0.5 - 0.75) ln(0.5 / 0.75)
        assertThat(new Distributions(new long[] {25_000, 75_000}, new long[] {50_000, 50_000}).index())
                .isCloseTo(0.2747, within(0.0005));
    }

    @Test
    void ofManyValuesMoreThanAQuarterHasShifted() {
        Distributions shifted = new Distributions(new long[] {9_000, 1_000}, new long[] {6_000, 4_000});

        assertThat(shifted.limit()).isEqualTo(0.25);
        assertThat(shifted.shift()).isGreaterThan(1);
    }

    @Test
    void ofFewValuesWhatChanceMakesIsNoShift() {
        Distributions few = new Distributions(new long[] {4, 3, 3}, new long[] {1, 4, 0});

        assertThat(few.index()).isGreaterThan(0.25);
        assertThat(few.shift()).isLessThan(1);
    }

    @Test
    void valuesThatAreNotAmongTheMostAreOneBucketTogether() {
        Distributions rest = Distributions.withRest(new long[] {70}, new long[] {20}, 100, 50);

        assertThat(rest.before()).containsExactly(70, 30);
        assertThat(rest.after()).containsExactly(20, 30);
    }

    @Test
    void theNewestMonthMayStillBeFilling() {
        List<YearMonth> months =
                List.of(YearMonth.of(2026, 3), YearMonth.of(2026, 1), YearMonth.of(2026, 2), YearMonth.of(2031, 1));

        assertThat(LastWholeMonth.of(months, YearMonth.of(2026, 6)))
                .as("a month in the future is nobody's")
                .contains(YearMonth.of(2026, 2));
        assertThat(LastWholeMonth.of(months.subList(0, 1), YearMonth.of(2026, 6)))
                .isEmpty();
    }
}
