package io.datapunk.tiering.policy;

import java.time.Duration;

/**
 * Accesses per hour to be expected, as exponentially smoothed levels that forget half in a week and half in four weeks.
 * Season cancels out over the weeks that tiers are chosen for, so levels do here; {@code policy.forecast} has the rest.
 *
 * @param low the lower of the two levels: what a promotion may count on
 * @param high the higher one: what a demotion has to fear
 */
record ExpectedAccesses(double low, double high) {
    static final Duration[] HALF_LIVES = {Duration.ofDays(7), Duration.ofDays(28)};

    /** By the partition's own accesses, corrected by what such levels came to in its family. */
    static ExpectedAccesses of(Accesses accesses, FamilyForecast family, long currentHour) {
        double low = Double.POSITIVE_INFINITY;
        double high = 0;
        for (int scale = 0; scale < HALF_LIVES.length; scale++) {
            double level = level(accesses, HALF_LIVES[scale], family.firstHour(), currentHour);
            double expected = family.expected(scale, level);
            low = Math.min(low, expected);
            high = Math.max(high, expected);
        }
        return new ExpectedAccesses(low, high);
    }

    /** The weighted mean per hour over all hours since the first observed one. */
    static double level(Accesses accesses, Duration halfLife, long firstHour, long currentHour) {
        double decay = decayPerHour(halfLife);
        double sum = 0;
        long at = currentHour;
        double weight = 1;
        for (int bucket = accesses.buckets() - 1; bucket >= 0 && accesses.hour(bucket) >= firstHour; bucket--) {
            long hour = accesses.hour(bucket);
            if (hour <= currentHour) {
                weight *= Math.pow(decay, at - hour);
                at = hour;
                sum += accesses.count(bucket) * weight;
            }
        }
        return sum / totalWeight(decay, currentHour - firstHour + 1);
    }

    static double decayPerHour(Duration halfLife) {
        return Math.pow(0.5, 1.0 / halfLife.toHours());
    }

    static double totalWeight(double decay, long hours) {
        return (1 - Math.pow(decay, Math.max(hours, 1))) / (1 - decay);
    }
}
