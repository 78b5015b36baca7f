package io.datapunk.tiering.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HeatTest {
    private static final Instant NOW = Instant.parse("2026-03-25T10:15:00Z");
    private static final long HOUR = Accesses.hourOf(NOW);

    @Test
    void aSteadyRateIsItsOwnHeatInEveryWindow() {
        Map<Long, Long> steady = new HashMap<>();
        for (long age = 0; age < 90 * 24; age++) {
            steady.put(HOUR - age, 7L);
        }
        Heat heat = Heat.of(Accesses.of(steady), HeatWindows.DEFAULT, NOW);
        assertThat(heat.hot().perHour()).isCloseTo(7, within(1e-9));
        assertThat(heat.warm().perHour()).isCloseTo(7, within(1e-9));
        assertThat(heat.cold().perHour()).isCloseTo(7, within(1e-9));
    }

    @Test
    void theHotWindowForgetsFivePercentEachHourAndEverythingAfterADay() {
        double weights = 0;
        for (int age = 0; age < 24; age++) {
            weights += Math.pow(0.95, age);
        }
        assertThat(hot(0)).isCloseTo(100 / weights, within(1e-9));
        assertThat(hot(14)).isCloseTo(100 * Math.pow(0.95, 14) / weights, within(1e-9));
        assertThat(hot(23)).isPositive();
        assertThat(hot(24)).isZero();
    }

    @Test
    void theWarmWindowForgetsFifteenPercentEachDay() {
        double now = HeatWindow.WARM.heat(at(0, 100), NOW).perHour();
        double yesterday = HeatWindow.WARM.heat(at(24, 100), NOW).perHour();
        assertThat(yesterday / now).isCloseTo(0.85, within(1e-9));
        assertThat(HeatWindow.WARM.heat(at(72, 100), NOW)).isEqualTo(Rate.ZERO);
    }

    @Test
    void theColdWindowForgetsNothingForNinetyDays() {
        assertThat(HeatWindow.COLD.heat(at(90 * 24 - 1, 2160), NOW).perHour()).isCloseTo(1, within(1e-9));
        assertThat(HeatWindow.COLD.heat(at(90 * 24, 2160), NOW)).isEqualTo(Rate.ZERO);
    }

    @Test
    void accessesInTheFutureCountAsNothing() {
        assertThat(Heat.of(at(-1, 1000), HeatWindows.DEFAULT, NOW))
                .isEqualTo(Heat.of(Accesses.NONE, HeatWindows.DEFAULT, NOW));
    }

    @Test
    void aRateReadsInTheLargestUnitAndIsNeverRoundedUpToAThreshold() {
        assertThat(Rate.perHour(10)).hasToString("10/h");
        assertThat(Rate.perHour(9.999)).hasToString("9.99/h");
        assertThat(Rate.perDay(1)).hasToString("1/day");
        assertThat(Rate.perWeek(1)).hasToString("1/week");
        assertThat(Rate.perWeek(0.5)).hasToString("0.5/week");
        assertThat(Rate.ZERO).hasToString("0/week");
    }

    @Test
    void aWindowOfNoHoursIsRefused() {
        assertThatThrownBy(() -> new HeatWindow(Duration.ofMinutes(90), 1, Duration.ofHours(1)))
                .hasMessage("a heat window has to last whole hours, not PT1H30M");
    }

    private static double hot(int age) {
        return HeatWindow.HOT.heat(at(age, 100), NOW).perHour();
    }

    private static Accesses at(long age, long count) {
        return Accesses.of(Map.of(HOUR - age, count));
    }
}
