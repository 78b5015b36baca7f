package io.datapunk.analytics.series;

import java.time.DayOfWeek;
import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Where values by day are going: a line and the rhythm of the week, fitted together by least squares. The days of the week are
 * taken out of both sides first, so that a line is left to be fitted (the theorem of Frisch, Waugh and Lovell).
 *
 * @param slope by how much the values grow each day
 * @param low the slope is above it with a confidence of 97.5 %
 * @param high the slope is below it with a confidence of 97.5 %
 * @param weekdays how far Monday to Sunday lie above the line
 * @param trendStrength 0 to 1, see {@link #strength}
 * @param weekStrength 0 to 1
 */
record Trend(double slope, double low, double high, double[] weekdays, double trendStrength, double weekStrength) {
    /** Two weeks: below, the week's rhythm and a line cannot be told apart. */
    static final int LEAST_DAYS = 14;

    private static final int WEEK = 7;
    private static final double CONFIDENCE = 0.975;

    /**
     * @param values of successive days, {@value #LEAST_DAYS} at least
     * @param first the first one's
     */
    static Trend of(double[] values, DayOfWeek first) {
        int[] weekday = new int[values.length];
        double[] days = new double[values.length];
        for (int day = 0; day < values.length; day++) {
            weekday[day] = (first.getValue() - 1 + day) % WEEK;
            days[day] = day;
        }
        double[] x = minus(days, spread(means(days, weekday), weekday));
        double[] y = minus(values, spread(means(values, weekday), weekday));
        double square = product(x, x);
        double slope = product(x, y) / square;
        double[] line = new double[values.length];
        for (int day = 0; day < values.length; day++) {
            line[day] = slope * days[day];
        }
        double[] level = means(minus(values, line), weekday);
        double[] week = minus(level, constant(StatUtils.mean(level), WEEK));
        double[] rest = minus(minus(values, line), spread(level, weekday));
        int freedom = values.length - WEEK - 1;
        double error = Math.sqrt(product(rest, rest) / freedom / square);
        double margin = new TDistribution(freedom).inverseCumulativeProbability(CONFIDENCE) * error;
        return new Trend(
                slope,
                slope - margin,
                slope + margin,
                week,
                strength(line, rest),
                strength(spread(week, weekday), rest));
    }

    /** Share of a part in what it and the rest make up (Wang, Smith and Hyndman, Characteristic-Based Clustering, 2006). */
    private static double strength(double[] part, double[] rest) {
        double[] both = new double[part.length];
        for (int day = 0; day < part.length; day++) {
            both[day] = part[day] + rest[day];
        }
        double all = StatUtils.populationVariance(both);
        return all == 0 ? 0 : Math.max(0, 1 - StatUtils.populationVariance(rest) / all);
    }

    private static double[] means(double[] values, int[] weekday) {
        double[] sums = new double[WEEK];
        int[] counts = new int[WEEK];
        for (int day = 0; day < values.length; day++) {
            sums[weekday[day]] += values[day];
            counts[weekday[day]]++;
        }
        for (int day = 0; day < WEEK; day++) {
            sums[day] /= counts[day];
        }
        return sums;
    }

    private static double[] spread(double[] ofWeekdays, int[] weekday) {
        double[] spread = new double[weekday.length];
        for (int day = 0; day < weekday.length; day++) {
            spread[day] = ofWeekdays[weekday[day]];
        }
        return spread;
    }

    private static double[] constant(double value, int length) {
        double[] constant = new double[length];
        Arrays.fill(constant, value);
        return constant;
    }

    private static double[] minus(double[] values, double[] others) {
        double[] difference = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            difference[i] = values[i] - others[i];
        }
        return difference;
    }

    private static double product(double[] values, double[] others) {
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            sum += values[i] * others[i];
        }
        return sum;
    }
}
