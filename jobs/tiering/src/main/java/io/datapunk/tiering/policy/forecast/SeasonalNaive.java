package io.datapunk.tiering.policy.forecast;

/**
 * Repeats the last season; with a season of one hour, the last value.
 *
 * @param season in hours
 */
public record SeasonalNaive(int season) implements Forecaster {
    public SeasonalNaive {
        if (season < 1) {
            throw new IllegalArgumentException("a season lasts an hour at least, not " + season);
        }
    }

    @Override
    public double[] forecast(double[] history, int hours) {
        double[] forecast = new double[hours];
        int length = Math.min(season, history.length);
        for (int hour = 0; hour < hours && length > 0; hour++) {
            forecast[hour] = history[history.length - length + hour % length];
        }
        return forecast;
    }

    @Override
    public String toString() {
        return season == 1 ? "naive" : "seasonal-naive-" + season + "h";
    }
}
