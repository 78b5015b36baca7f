package io.datapunk.analytics.forecast;

import java.util.Arrays;
import java.util.List;

/**
 * How well forecasts of a series would have done: made at times that have passed, of nothing but what was known then.
 *
 * @param forecasts values that were foreseen, and came
 * @param error mean absolute error
 * @param naiveError of saying that everything stays as it was last
 * @param seasonalError of saying that it will be as it was one season before
 * @param held share of the values that came to lie within their intervals
 */
public record Backtest(int forecasts, double error, double naiveError, double seasonalError, double held) {
    /**
     * Forecasts from the last times that leave all steps known.
     *
     * @param season values after which a rhythm begins anew
     * @param steps how far each forecast looks
     * @param origins at how many times one is made
     * @throws IllegalArgumentException where the series is too short for one
     */
    public static Backtest of(double[] values, int season, int steps, double confidence, int origins) {
        int first = Math.max(Math.max(Forecaster.LEAST_VALUES, season), values.length - steps - origins + 1);
        if (first + steps > values.length) {
            throw new IllegalArgumentException(
                    values.length + " values are too few to look back on " + steps + " steps");
        }
        Forecaster forecaster = new Forecaster(season, confidence);
        double error = 0;
        double naive = 0;
        double seasonal = 0;
        int held = 0;
        int forecasts = 0;
        for (int origin = first; origin + steps <= values.length; origin++) {
            List<Forecast.Step> foreseen =
                    forecaster.forecast(Arrays.copyOf(values, origin), steps).steps();
            for (int step = 0; step < steps; step++) {
                double came = values[origin + step];
                Forecast.Step expected = foreseen.get(step);
                error += Math.abs(came - expected.mean());
                naive += Math.abs(came - values[origin - 1]);
                seasonal += Math.abs(came - values[origin - season + step % season]);
                held += came >= expected.low() && came <= expected.high() ? 1 : 0;
                forecasts++;
            }
        }
        return new Backtest(
                forecasts, error / forecasts, naive / forecasts, seasonal / forecasts, (double) held / forecasts);
    }
}
