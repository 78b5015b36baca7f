package io.datapunk.analytics.quality.rule;

import io.datapunk.analytics.forecast.Forecast;

/** Says how unusual a number is. */
public final class Surprises {
    /** A number that differs by less than this share is none: a series without any noise would make everything one. */
    private static final double LEAST = 0.05;

    private Surprises() {}

    /** @return 1 where the number lies at the end of the interval, more beyond it */
    public static double of(double value, Forecast.Step expected) {
        double margin = value < expected.mean() ? expected.mean() - expected.low() : expected.high() - expected.mean();
        double least = LEAST * Math.abs(expected.mean());
        double distance = Math.abs(value - expected.mean());
        return distance == 0 ? 0 : distance / Math.max(margin, least);
    }
}
