package io.datapunk.tiering.policy.forecast;

import java.util.Arrays;

/**
 * One level that forgets half in {@code halfLife} hours, by a weighted mean over the whole history.
 *
 * @param halfLife in hours, positive
 */
public record ExponentialSmoothing(double halfLife) implements Forecaster {
    public ExponentialSmoothing {
        if (!(halfLife > 0)) {
            throw new IllegalArgumentException("a half-life has to be positive, not " + halfLife);
        }
    }

    @Override
    public double[] forecast(double[] history, int hours) {
        double decay = Math.pow(0.5, 1 / halfLife);
        double sum = 0;
        double weight = 0;
        for (double accesses : history) {
            sum = sum * decay + accesses;
            weight = weight * decay + 1;
        }
        double[] forecast = new double[hours];
        Arrays.fill(forecast, weight == 0 ? 0 : sum / weight);
        return forecast;
    }

    @Override
    public String toString() {
        return "smoothing-%.0fh".formatted(halfLife);
    }
}
