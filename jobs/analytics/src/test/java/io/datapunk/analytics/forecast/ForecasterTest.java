package io.datapunk.analytics.forecast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.analytics.forecast.Forecast.Step;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ForecasterTest {
    private static final Forecaster MONTHLY = new Forecaster(12, 0.95);

    @Test
    void aLineGoesOn() {
        Forecast forecast = MONTHLY.forecast(series(36, i -> 100 + 5 * i), 6);

        assertThat(forecast.model()).isEqualTo("level + trend");
        assertThat(forecast.steps().get(5).mean()).isCloseTo(100 + 5 * 41, within(0.01));
    }

    @Test
    void aRhythmGoesOnAndIsPutOnTopOfTheLine() {
        Forecast forecast = MONTHLY.forecast(series(60, i -> 50 + i + 20 * (i % 12 == 11 ? 1 : 0) + noise(i)), 12);

        assertThat(forecast.model()).contains("trend").contains("season of 12");
        assertThat(forecast.steps().get(11).mean() - forecast.steps().get(10).mean())
                .as("December lies 20 above November, and one for the month")
                .isCloseTo(21, within(2.0));
    }

    @Test
    void partsThatMultiplyAreFoundByLogarithms() {
        Forecast forecast = MONTHLY.forecast(
                series(72, i -> 100 * Math.pow(1.02, i) * (1 + 0.3 * Math.sin(i * Math.PI / 6)) * (1 + noise(i) / 50)),
                12);

        assertThat(forecast.model()).startsWith("logarithms: ");
        assertThat(forecast.steps()).allSatisfy(step -> assertThat(step.low()).isPositive());
    }

    @Test
    void withoutATrendTheIntervalHoldsWhatItSays() {
        Random random = new Random(7);
        int held = 0;
        int all = 0;
        for (int series = 0; series < 40; series++) {
            double[] values = series(60, i -> 1000 + 50 * random.nextGaussian());
            for (Step step : new Forecaster(1, 0.95).forecast(values, 5).steps()) {
                double next = 1000 + 50 * random.nextGaussian();
                held += next >= step.low() && next <= step.high() ? 1 : 0;
                all++;
            }
        }

        assertThat((double) held / all).isBetween(0.90, 0.99);
    }

    @Test
    void theFurtherAwayTheWiderTheInterval() {
        Random random = new Random(3);
        double[] walk = new double[80];
        for (int i = 1; i < walk.length; i++) {
            walk[i] = walk[i - 1] + random.nextGaussian();
        }

        Forecast forecast = new Forecaster(1, 0.95).forecast(walk, 20);

        assertThat(width(forecast.steps().get(19)))
                .isGreaterThan(2 * width(forecast.steps().get(0)));
    }

    @Test
    void aSeriesThatNeverChangesStaysAsItIs() {
        Step step = MONTHLY.forecast(series(24, i -> 7), 3).steps().get(2);

        assertThat(step.mean()).isCloseTo(7, within(1e-3));
        assertThat(width(step)).isLessThan(0.01);
    }

    @Test
    void oneThatIsTooShortIsRefused() {
        assertThatThrownBy(() -> MONTHLY.forecast(new double[] {1, 2, 3}, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("3 values are too few for a forecast");
    }

    private static double[] series(int length, IntToDoubleFunction value) {
        return IntStream.range(0, length).mapToDouble(value).toArray();
    }

    /** The same in every run, without a trend. */
    private static double noise(int i) {
        return new Random(31L * i + 1).nextGaussian();
    }

    private static double width(Step step) {
        return step.high() - step.low();
    }
}
