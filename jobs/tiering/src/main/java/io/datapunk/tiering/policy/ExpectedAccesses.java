package io.datapunk.tiering.policy;

import java.time.Duration;
import java.util.List;

/**
 * Accesses per hour to be expected, as exponentially smoothed levels that forget half in a week and half
 * in four weeks. Season cancels out over the weeks that tiers are chosen for, so levels do here; {@code policy.forecast}
 * has the rest.
 *
 * @param low the lower of the two levels: what a promotion may count on
 * @param high the higher one: what a demotion has to fear
 */
record ExpectedAccesses(double low, double high) {
    static final List<HalfLife> HALF_LIVES =
            List.of(new HalfLife(Duration.ofDays(7)), new HalfLife(Duration.ofDays(28)));

    /** By the partition's own accesses, corrected by what such levels came to in its family. */
    static ExpectedAccesses of(Accesses accesses, FamilyForecast family, long currentHour) {
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (int scale = 0; scale < HALF_LIVES.size(); scale++) {
            double level = level(accesses, HALF_LIVES.get(scale), family.firstHour(), currentHour);
            double expected = family.expected(scale, level);
            low = Math.min(low, expected);
            high = Math.max(high, expected);
        }
        return new ExpectedAccesses(low, high);
    }

    /** The weighted mean per hour over all hours since the first observed one. */
    static double level(Accesses accesses, HalfLife halfLife, long firstHour, long currentHour) {
        double sum = 0;
        for (int bucket = accesses.firstFrom(currentHour + 1) - 1;
                bucket >= 0 && accesses.hour(bucket) >= firstHour;
                bucket--) {
            sum += accesses.count(bucket) * halfLife.after(currentHour - accesses.hour(bucket));
        }
        return sum / halfLife.ofHours(currentHour - firstHour + 1);
    }
}
