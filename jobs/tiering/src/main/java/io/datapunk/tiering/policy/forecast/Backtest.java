package io.datapunk.tiering.policy.forecast;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How well forecasts would have done: from several origins, the mean absolute error over the hours behind them, scaled by
 * the error of repeating the last day within the history (MASE; Hyndman and Koehler 2006). Below 1 is better than that.
 *
 * @param horizon hours forecast from each origin
 * @param origins how many, one horizon apart, the last one a horizon before the end
 */
public record Backtest(int horizon, int origins) {
    private static final int DAY = 24;

    /** The forecasters that are compared. */
    public static final List<Forecaster> CANDIDATES = List.of(
            new SeasonalNaive(1),
            new SeasonalNaive(DAY),
            new SeasonalNaive(7 * DAY),
            new ExponentialSmoothing(7 * DAY),
            IntermittentDemand.DEFAULT,
            HoltWinters.DEFAULT);

    public Backtest {
        if (horizon < 1 || origins < 1) {
            throw new IllegalArgumentException("a backtest needs hours and origins, not " + horizon + ", " + origins);
        }
    }

    /** The scaled error of each forecaster by its name; empty where the series is too short or repeats its days exactly. */
    public Map<String, Double> run(double[] series, List<Forecaster> forecasters) {
        Map<String, Double> errors = new LinkedHashMap<>();
        int first = series.length - horizon * origins;
        double scale = 0;
        for (int hour = DAY; hour < first; hour++) {
            scale += Math.abs(series[hour] - series[hour - DAY]) / (first - DAY);
        }
        if (first <= DAY || scale == 0) {
            return errors;
        }
        for (Forecaster forecaster : forecasters) {
            double error = 0;
            for (int origin = first; origin < series.length; origin += horizon) {
                double[] forecast = forecaster.forecast(Arrays.copyOf(series, origin), horizon);
                for (int step = 0; step < horizon; step++) {
                    error += Math.abs(series[origin + step] - forecast[step]) / (horizon * origins);
                }
            }
            errors.put(forecaster.toString(), error / scale);
        }
        return errors;
    }
}
