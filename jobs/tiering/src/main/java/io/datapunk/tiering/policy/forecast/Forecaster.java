package io.datapunk.tiering.policy.forecast;

/** Continues a series of hourly accesses. The implementations' {@code toString} is their name. */
public interface Forecaster {
    /**
     * The hours behind a series.
     *
     * @param history accesses of each hour, oldest first; silence is zero
     * @param hours how many to forecast
     * @return accesses to be expected in each hour, never negative
     */
    double[] forecast(double[] history, int hours);
}
