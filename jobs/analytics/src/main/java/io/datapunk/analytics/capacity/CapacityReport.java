package io.datapunk.analytics.capacity;

import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * How much room the lake takes, and where that is going.
 *
 * @param compressionRatios bytes before compression for each byte after it, by codec
 * @param writeAmplification bytes written for each byte of new rows, as far as the tables' logs reach back
 * @param cacheHitRatio of PostgreSQL, where it runs
 * @param findings what costs room or time
 * @param problems what could not be measured
 */
public record CapacityReport(
        List<Size> sizes,
        Map<String, Double> compressionRatios,
        OptionalDouble writeAmplification,
        OptionalDouble cacheHitRatio,
        List<String> findings,
        List<String> problems) {
    /** Share of a capacity that is to be left. [000] */
    public static final double RESERVE = 0.20;

    public CapacityReport {
        sizes = List.copyOf(sizes);
        compressionRatios = Map.copyOf(compressionRatios);
        findings = List.copyOf(findings);
        problems = List.copyOf(problems);
    }

    /**
     * Of one thing that has a size.
     *
     * @param bytes now
     * @param bytesPerDay by which it grew in the last month, without jumps
     * @param bytesAhead what to expect in six months; empty where less than two weeks are known
     * @param lowAhead with a confidence of 95 % it is more
     * @param highAhead and less
     * @param capacityBytes that there is room for, where that is known
     * @param daysToReserve until a fifth of the room is left
     * @param daysToFull until none is left; both empty where that is more than six months away
     * @param model by which it was foreseen; empty where it was not
     * @param error of forecasts for one week that were made for the last weeks, beside those that say nothing changes
     * @param jumps days on which it changed far more than from day to day
     */
    public record Size(
            String subject,
            String name,
            double bytes,
            double bytesPerDay,
            OptionalDouble bytesAhead,
            OptionalDouble lowAhead,
            OptionalDouble highAhead,
            OptionalDouble capacityBytes,
            OptionalLong daysToReserve,
            OptionalLong daysToFull,
            String model,
            OptionalDouble error,
            Map<LocalDate, Double> jumps) {}
}
