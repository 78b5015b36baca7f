package io.datapunk.analytics.forecast;

import java.util.Arrays;
import org.apache.commons.math3.optim.InitialGuess;
import org.apache.commons.math3.optim.MaxEval;
import org.apache.commons.math3.optim.PointValuePair;
import org.apache.commons.math3.optim.SimpleValueChecker;
import org.apache.commons.math3.optim.nonlinear.scalar.GoalType;
import org.apache.commons.math3.optim.nonlinear.scalar.ObjectiveFunction;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.NelderMeadSimplex;
import org.apache.commons.math3.optim.nonlinear.scalar.noderiv.SimplexOptimizer;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.regression.SimpleRegression;

/**
 * Exponential smoothing with additive errors, in the state-space form of Hyndman, Koehler, Ord and Snyder (Forecasting with
 * Exponential Smoothing, 2008): a level, a trend that may fade, and a rhythm, each of which follows what was not foreseen by
 * a weight of its own. The weights are those of the smallest sum of squared errors.
 */
final class Smoothing {
    private static final int ITERATIONS = 4000;
    private static final double PRECISION = 1e-9;
    /** Below, a trend is as good as none; above, as good as one that does not fade (the book's bounds). */
    private static final double LEAST_DAMPING = 0.8;

    private static final double MOST_DAMPING = 0.98;
    /** From so many values the first level and trend are guessed. */
    private static final int BEGINNING = 10;

    private final Structure structure;
    private final double alpha;
    private final double beta;
    private final double gamma;
    private final double phi;
    private final double[] season;
    private final int length;
    private double level;
    private double trend;
    private double squares;

    private Smoothing(Structure structure, double[] point, double[] season, int length) {
        this.structure = structure;
        this.season = season.clone();
        this.length = length;
        int next = 0;
        alpha = share(point[next++]);
        // A trend does not follow faster than the level, and both together with the rhythm not by more than what was
        // missed.
        beta = structure.trend() ? alpha * share(point[next++]) : 0;
        phi = structure.damped()
                ? LEAST_DAMPING + (MOST_DAMPING - LEAST_DAMPING) * share(point[next++])
                : structure.trend() ? 1 : 0;
        gamma = structure.seasonal() ? (1 - alpha) * share(point[next++]) : 0;
        level = point[next++];
        trend = structure.trend() ? point[next] : 0;
    }

    /** @param values more than {@link Structure#parameters()} and one, two seasons at least */
    static Smoothing fit(Structure structure, double[] values) {
        double[] season = structure.seasonal() ? rhythm(values, structure.season()) : new double[] {0};
        double[] rest = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            rest[i] = values[i] - season[i % season.length];
        }
        double[] start = start(structure, rest);
        double spread = Math.max(1e-6, Math.sqrt(StatUtils.variance(rest)));
        double[] steps = new double[start.length];
        Arrays.fill(steps, 1);
        for (int i = structure.weights(); i < steps.length; i++) {
            steps[i] = spread / (i == structure.weights() ? 2 : 20);
        }
        PointValuePair best = new SimplexOptimizer(new SimpleValueChecker(PRECISION, Double.MIN_NORMAL, ITERATIONS))
                .optimize(
                        MaxEval.unlimited(),
                        GoalType.MINIMIZE,
                        new ObjectiveFunction(point -> run(structure, point, season, values).squares),
                        new InitialGuess(start),
                        new NelderMeadSimplex(steps));
        return run(structure, best.getPoint(), season, values);
    }

    /** Akaike's criterion, corrected for short series: the smaller, the likelier the model. */
    double criterion() {
        int k = structure.parameters();
        double likelihood = length * Math.log(Math.max(squares, Double.MIN_NORMAL) / length);
        return likelihood + 2.0 * k + 2.0 * k * (k + 1) / (length - k - 1);
    }

    /** @param steps how many values on, from 1 */
    double mean(int steps) {
        double mean = level;
        double fading = 1;
        for (int i = 0; i < steps; i++) {
            fading *= phi;
            mean += fading * trend;
        }
        return mean + season[(length + steps - 1) % season.length];
    }

    /** Standard deviation of what the value so many steps on will differ from {@link #mean} (the book's section 6.3). */
    double deviation(int steps) {
        double variance = squares / Math.max(1, length - structure.parameters() + 1);
        double sum = 1;
        double fading = 1;
        double slope = 0;
        for (int j = 1; j < steps; j++) {
            fading *= phi;
            slope += fading;
            double effect = alpha + beta * slope + (j % season.length == 0 ? gamma : 0);
            sum += effect * effect;
        }
        return Math.sqrt(variance * sum);
    }

    private static Smoothing run(Structure structure, double[] point, double[] season, double[] values) {
        Smoothing smoothing = new Smoothing(structure, point, season, values.length);
        for (int i = 0; i < values.length; i++) {
            smoothing.add(i, values[i]);
        }
        return smoothing;
    }

    private void add(int at, double value) {
        int phase = at % season.length;
        double expected = level + phi * trend;
        double error = value - expected - season[phase];
        squares += error * error;
        level = expected + alpha * error;
        trend = phi * trend + beta * error;
        season[phase] += gamma * error;
    }

    private static double[] start(Structure structure, double[] rest) {
        double[] start = new double[structure.weights() + 1 + (structure.trend() ? 1 : 0)];
        int next = 0;
        start[next++] = logit(0.3);
        if (structure.trend()) {
            start[next++] = logit(0.1);
        }
        if (structure.damped()) {
            start[next++] = logit(0.9);
        }
        if (structure.seasonal()) {
            start[next++] = logit(0.1);
        }
        SimpleRegression line = new SimpleRegression();
        for (int i = 0; i < Math.min(rest.length, BEGINNING); i++) {
            line.addData(i + 1, rest[i]);
        }
        start[next++] =
                structure.trend() ? line.getIntercept() : StatUtils.mean(rest, 0, Math.min(rest.length, BEGINNING));
        if (structure.trend()) {
            start[next] = line.getSlope();
        }
        return start;
    }

    /** How far each phase lies above a moving average of one season, at first. */
    private static double[] rhythm(double[] values, int season) {
        double[] sums = new double[season];
        int[] counts = new int[season];
        for (int i = season / 2; i < values.length - season / 2; i++) {
            sums[i % season] += values[i] - centred(values, i, season);
            counts[i % season]++;
        }
        for (int phase = 0; phase < season; phase++) {
            sums[phase] /= Math.max(1, counts[phase]);
        }
        double mean = StatUtils.mean(sums);
        for (int phase = 0; phase < season; phase++) {
            sums[phase] -= mean;
        }
        return sums;
    }

    /** The mean of one season around a value; the ends of an even one count half. */
    private static double centred(double[] values, int at, int season) {
        int half = season / 2;
        double sum = 0;
        for (int i = at - half; i <= at + half; i++) {
            boolean end = season % 2 == 0 && (i == at - half || i == at + half);
            sum += i < values.length ? values[i] * (end ? 0.5 : 1) : 0;
        }
        return sum / season;
    }

    private static double share(double any) {
        return 1 / (1 + Math.exp(-any));
    }

    private static double logit(double share) {
        return Math.log(share / (1 - share));
    }
}
