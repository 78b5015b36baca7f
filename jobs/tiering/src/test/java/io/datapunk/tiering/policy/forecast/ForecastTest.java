package io.datapunk.tiering.policy.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ForecastTest {
    @Property(tries = 100)
    void holtWintersContinuesAPureSeasonExactly(
            @ForAll @Size(168) List<@IntRange(max = 1000) Integer> week,
            @ForAll @IntRange(min = 2, max = 6) int weeks) {
        double[] history = new double[weeks * 168];
        Arrays.setAll(history, hour -> week.get(hour % 168));
        double[] forecast = HoltWinters.DEFAULT.forecast(history, 168);
        for (int hour = 0; hour < 168; hour++) {
            assertThat(forecast[hour]).isCloseTo(week.get(hour), within(1e-6));
        }
    }

    @Property(tries = 100)
    void everyForecastIsFiniteAndNotNegative(@ForAll @Size(max = 500) List<@IntRange(max = 100_000) Integer> series) {
        double[] history = series.stream().mapToDouble(Integer::doubleValue).toArray();
        assertThat(Backtest.CANDIDATES).allSatisfy(forecaster -> {
            double[] forecast = forecaster.forecast(history, 48);
            assertThat(forecast).hasSize(48);
            assertThat(Arrays.stream(forecast).allMatch(value -> value >= 0 && Double.isFinite(value)))
                    .isTrue();
        });
    }

    @Test
    void byHandIntermittentDemandIsTheChanceTimesTheSize() {
        // Two busy hours of four, of 6 and 2 accesses.
        assertThat(IntermittentDemand.DEFAULT.forecast(new double[] {0, 6, 0, 2}, 1))
                .containsExactly(2.0);
        // Silence lets the chance fade, not the size.
        assertThat(new IntermittentDemand(0.5, 1).forecast(new double[] {8, 0, 0}, 1))
                .containsExactly(2.0);
    }

    @Test
    void byHandSmoothingForgetsHalfInItsHalfLife() {
        assertThat(new ExponentialSmoothing(1).forecast(new double[] {4, 1}, 1)[0])
                .isCloseTo((4 * 0.5 + 1) / 1.5, within(1e-12));
    }

    @Test
    void byHandTheSeasonalNaiveRepeatsTheLastSeason() {
        assertThat(new SeasonalNaive(2).forecast(new double[] {9, 1, 5}, 3)).containsExactly(1, 5, 1);
        assertThat(new SeasonalNaive(1).forecast(new double[] {9, 1, 5}, 2)).containsExactly(5, 5);
    }

    @Test
    void onANoisyWeekHoltWintersBeatsRepeatingTheLastDayOrWeek() {
        Random random = new Random(7);
        double[] series = new double[10 * 168];
        Arrays.setAll(
                series,
                hour -> Math.max(
                        0,
                        100
                                + 60 * Math.sin(hour % 24 / 24.0 * 2 * Math.PI)
                                - (hour % 168 >= 120 ? 40 : 0)
                                + 15 * random.nextGaussian()));
        Map<String, Double> errors = new Backtest(24, 14).run(series, Backtest.CANDIDATES);
        assertThat(errors.get("holt-winters"))
                .isLessThan(0.8)
                .isLessThan(errors.get("seasonal-naive-24h"))
                .isLessThan(errors.get("seasonal-naive-168h"))
                .isLessThan(errors.get("naive"));
    }

    @Test
    void onRareBurstsIntermittentDemandIsRightOnTheMeanWhereTheNaiveIsNot() {
        Random random = new Random(7);
        double[] series = new double[10 * 168];
        Arrays.setAll(series, hour -> random.nextInt(50) == 0 ? 5 + random.nextInt(5) : 0);
        double mean = 7.0 / 50;
        double squaredError = 0;
        double squaredErrorOfNaive = 0;
        for (int end = 336; end + 168 <= series.length; end += 24) {
            double[] history = Arrays.copyOf(series, end);
            squaredError += Math.pow(IntermittentDemand.DEFAULT.forecast(history, 24)[0] - mean, 2);
            double naive = Arrays.stream(new SeasonalNaive(24).forecast(history, 24))
                    .average()
                    .orElseThrow();
            squaredErrorOfNaive += Math.pow(naive - mean, 2);
        }
        assertThat(squaredError).isLessThan(squaredErrorOfNaive / 2);
    }

    @Test
    void aSeriesThatRepeatsItsDaysExactlyHasNoScale() {
        double[] series = new double[500];
        Arrays.setAll(series, hour -> hour % 24);
        assertThat(new Backtest(24, 2).run(series, Backtest.CANDIDATES)).isEmpty();
    }
}
