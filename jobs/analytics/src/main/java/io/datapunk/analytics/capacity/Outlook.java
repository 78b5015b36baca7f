package io.datapunk.analytics.capacity;

import io.datapunk.analytics.capacity.Jumps.Jump;
import io.datapunk.analytics.forecast.Backtest;
import io.datapunk.analytics.forecast.Forecast;
import io.datapunk.analytics.forecast.Forecaster;
import java.time.LocalDate;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * Where a size is going.
 *
 * @param size bytes now
 * @param perDay bytes that it grew by each day of the last month, without jumps
 * @param forecast what to expect of each day to come; empty where too little is known
 * @param capacity bytes that there is room for
 * @param daysToReserve until the reserve is taken into use
 * @param daysToFull until there is no room left
 * @param test how forecasts of the last weeks would have done
 */
record Outlook(
        double size,
        double perDay,
        Optional<Forecast> forecast,
        OptionalDouble capacity,
        OptionalLong daysToReserve,
        OptionalLong daysToFull,
        List<Jump> jumps,
        Optional<Backtest> test) {
    /** Six months. [000] */
    static final int HORIZON_DAYS = 183;

    /** Below, one knows how much there is, and not where it is going. */
    static final int LEAST_DAYS = 14;

    static final double CONFIDENCE = 0.95;
    private static final int WEEK = 7;
    private static final int MONTH = 30;
    private static final int ORIGINS = 12;

    /**
     * Looks ahead.
     *
     * @param sizes bytes by successive days, at least one
     * @param first the first one's
     */
    static Outlook of(double[] sizes, LocalDate first, OptionalDouble capacity) {
        List<Jump> jumps = Jumps.of(sizes, first);
        double[] smooth = Jumps.without(jumps, sizes, first);
        double size = sizes[sizes.length - 1];
        int back = Math.min(MONTH, sizes.length - 1);
        double perDay = back == 0 ? 0 : (size - smooth[sizes.length - 1 - back]) / back;
        if (sizes.length < LEAST_DAYS) {
            return new Outlook(
                    size,
                    perDay,
                    Optional.empty(),
                    capacity,
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    jumps,
                    Optional.empty());
        }
        Forecast forecast = new Forecaster(WEEK, CONFIDENCE).forecast(smooth, HORIZON_DAYS);
        Optional<Backtest> test = sizes.length < LEAST_DAYS + MONTH
                ? Optional.empty()
                : Optional.of(Backtest.of(smooth, WEEK, WEEK, CONFIDENCE, ORIGINS));
        return new Outlook(
                size,
                perDay,
                Optional.of(forecast),
                capacity,
                days(forecast, capacity, 1 - CapacityReport.RESERVE),
                days(forecast, capacity, 1),
                jumps,
                test);
    }

    private static OptionalLong days(Forecast forecast, OptionalDouble capacity, double share) {
        if (capacity.isPresent()) {
            for (int day = 0; day < forecast.steps().size(); day++) {
                if (forecast.steps().get(day).mean() >= share * capacity.getAsDouble()) {
                    return OptionalLong.of(day + 1L);
                }
            }
        }
        return OptionalLong.empty();
    }
}
