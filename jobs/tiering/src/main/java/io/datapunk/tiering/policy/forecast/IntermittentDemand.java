package io.datapunk.tiering.policy.forecast;

import java.util.Arrays;

/**
 * For series that are mostly silent: the chance of a busy hour, updated every hour so that it fades in silence, times the
 * size of a busy hour (Teunter, Syntetos and Babai 2011).
 *
 * @param chance smoothing of the chance, above 0 and at most 1
 * @param size smoothing of the size
 */
public record IntermittentDemand(double chance, double size) implements Forecaster {
    /** A week's memory for the chance, ten busy hours' for the size. */
    public static final IntermittentDemand DEFAULT = new IntermittentDemand(1.0 / 168, 0.1);

    public IntermittentDemand {
        if (!(chance > 0 && chance <= 1 && size > 0 && size <= 1)) {
            throw new IllegalArgumentException(
                    "smoothing lies above 0 and at most at 1, not at " + chance + ", " + size);
        }
    }

    @Override
    public double[] forecast(double[] history, int hours) {
        double busy = 0;
        double mean = 0;
        int seen = 0;
        for (int hour = 0; hour < history.length; hour++) {
            // The first hours count equally: a mean until there are more than the memory is long.
            busy += Math.max(chance, 1.0 / (hour + 1)) * ((history[hour] > 0 ? 1 : 0) - busy);
            if (history[hour] > 0) {
                seen++;
                mean += Math.max(size, 1.0 / seen) * (history[hour] - mean);
            }
        }
        double[] forecast = new double[hours];
        Arrays.fill(forecast, busy * mean);
        return forecast;
    }

    @Override
    public String toString() {
        return "intermittent";
    }
}
