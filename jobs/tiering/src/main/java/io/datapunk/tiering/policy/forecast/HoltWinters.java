package io.datapunk.tiering.policy.forecast;

/**
 * Additive Holt-Winters with a damped trend and two seasons, the day and the week (Taylor 2003). The level begins as the
 * mean of the first week, the seasons as its deviations: so a pure season is continued exactly. Needs two weeks; shorter
 * histories are left to {@link IntermittentDemand}.
 *
 * @param level smoothing of the level, from 0 to 1
 * @param trend smoothing of the trend
 * @param damping of the trend each hour, below 1
 * @param day smoothing of the daily season
 * @param week smoothing of the weekly season
 */
public record HoltWinters(double level, double trend, double damping, double day, double week) implements Forecaster {
    private static final int DAY = 24;
    private static final int WEEK = 7 * DAY;

    /** Slow ones: hours are noisy, and the season is what is to be kept. */
    public static final HoltWinters DEFAULT = new HoltWinters(0.02, 0.001, 0.98, 0.05, 0.1);

    public HoltWinters {
        for (double share : new double[] {level, trend, damping, day, week}) {
            if (!(share >= 0 && share <= 1)) {
                throw new IllegalArgumentException("smoothing lies between 0 and 1, not at " + share);
            }
        }
    }

    @Override
    public double[] forecast(double[] history, int hours) {
        if (history.length < 2 * WEEK) {
            return IntermittentDemand.DEFAULT.forecast(history, hours);
        }
        double mean = 0;
        double[] ofDay = new double[DAY];
        for (int hour = 0; hour < WEEK; hour++) {
            mean += history[hour] / WEEK;
            ofDay[hour % DAY] += history[hour] / 7;
        }
        double[] ofWeek = new double[WEEK];
        for (int hour = 0; hour < WEEK; hour++) {
            ofWeek[hour] = history[hour] - ofDay[hour % DAY];
        }
        for (int hour = 0; hour < DAY; hour++) {
            ofDay[hour] -= mean;
        }
        double base = mean;
        double slope = 0;
        for (int hour = WEEK; hour < history.length; hour++) {
            int inDay = hour % DAY;
            int inWeek = hour % WEEK;
            double before = base + damping * slope;
            double error = history[hour] - before - ofDay[inDay] - ofWeek[inWeek];
            base = before + level * error;
            slope = damping * slope + trend * error;
            ofDay[inDay] += day * error;
            ofWeek[inWeek] += week * error;
        }
        double[] forecast = new double[hours];
        double ahead = 0;
        double damped = slope;
        for (int step = 0; step < hours; step++) {
            damped *= damping;
            ahead += damped;
            int hour = history.length + step;
            forecast[step] = Math.max(0, base + ahead + ofDay[hour % DAY] + ofWeek[hour % WEEK]);
        }
        return forecast;
    }

    @Override
    public String toString() {
        return "holt-winters";
    }
}
