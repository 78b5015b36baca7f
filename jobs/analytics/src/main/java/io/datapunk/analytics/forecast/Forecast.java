package io.datapunk.analytics.forecast;

import java.util.List;

/**
 * Where a series is going.
 *
 * @param model by which, as {@code level + damped trend + season of 12}
 * @param steps the next values, in their order
 */
public record Forecast(String model, List<Step> steps) {
    public Forecast {
        steps = List.copyOf(steps);
    }

    /**
     * One of the next values.
     *
     * @param low with the confidence that was asked for it lies from here
     * @param high to here
     */
    public record Step(double mean, double low, double high) {}
}
