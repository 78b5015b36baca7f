package io.datapunk.analytics.forecast;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Tells where a series is going: of the models that there are enough values for the likeliest one (by Akaike's corrected
 * criterion) is taken.
 */
public final class Forecaster {
    /** Below, nothing is foreseen. */
    public static final int LEAST_VALUES = 6;

    private final int season;
    private final double confidence;

    /**
     * @param season values after which a rhythm begins anew, as 12 for months; 1: there is none
     * @param confidence of the interval, as 0.95
     */
    public Forecaster(int season, double confidence) {
        this.season = season;
        this.confidence = confidence;
    }

    /** @param values {@value #LEAST_VALUES} at least, of successive times */
    public Forecast forecast(double[] values, int steps) {
        if (values.length < LEAST_VALUES) {
            throw new IllegalArgumentException(values.length + " values are too few for a forecast");
        }
        boolean positive = Arrays.stream(values).allMatch(value -> value > 0);
        double[] logarithms = positive ? Arrays.stream(values).map(Math::log).toArray() : values;
        // What taking logarithms does to the likelihood.
        double jacobian = positive ? 2 * Arrays.stream(logarithms).sum() : 0;
        Structure best = null;
        Smoothing fitted = null;
        double least = Double.POSITIVE_INFINITY;
        for (Structure structure : structures(values.length, positive)) {
            Smoothing smoothing = Smoothing.fit(structure, structure.logarithms() ? logarithms : values);
            double criterion = smoothing.criterion() + (structure.logarithms() ? jacobian : 0);
            if (fitted == null || criterion < least) {
                best = structure;
                fitted = smoothing;
                least = criterion;
            }
        }
        return of(best, fitted, steps);
    }

    private List<Structure> structures(int values, boolean positive) {
        List<Structure> structures = new ArrayList<>();
        for (int rhythm : season > 1 ? new int[] {1, season} : new int[] {1}) {
            for (boolean logarithms : positive ? new boolean[] {false, true} : new boolean[] {false}) {
                structures.add(new Structure(false, false, rhythm, logarithms));
                structures.add(new Structure(true, false, rhythm, logarithms));
                structures.add(new Structure(true, true, rhythm, logarithms));
            }
        }
        structures.removeIf(structure ->
                structure.parameters() + 1 >= values || structure.seasonal() && values < 2 * structure.season());
        return structures;
    }

    private Forecast of(Structure structure, Smoothing smoothing, int steps) {
        double width = new NormalDistribution().inverseCumulativeProbability((1 + confidence) / 2);
        List<Forecast.Step> next = new ArrayList<>();
        for (int step = 1; step <= steps; step++) {
            double mean = smoothing.mean(step);
            double margin = width * smoothing.deviation(step);
            next.add(
                    structure.logarithms()
                            ? new Forecast.Step(Math.exp(mean), Math.exp(mean - margin), Math.exp(mean + margin))
                            : new Forecast.Step(mean, mean - margin, mean + margin));
        }
        return new Forecast(structure.toString(), next);
    }
}
