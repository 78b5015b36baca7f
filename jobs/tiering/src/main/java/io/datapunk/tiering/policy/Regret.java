package io.datapunk.tiering.policy;

import io.datapunk.lake.model.Tier;

/**
 * What one tier would have cost more than another up to now: summed up hour by hour, never below nothing and never above
 * a limit. It is the difference of two work functions (Borodin, Linial and Saks 1992), and what a break-even rule waits
 * for. Of two tiers, at most one can have all of its regret at once.
 */
final class Regret {
    private final Prices prices;
    private final long bytes;
    private final Accesses accesses;
    private final long firstHour;
    private final long lastHour;

    /**
     * @param firstHour the first hour that was observed
     * @param lastHour the hour that now lies in
     */
    Regret(Prices prices, long bytes, Accesses accesses, long firstHour, long lastHour) {
        this.prices = prices;
        this.bytes = bytes;
        this.accesses = accesses;
        this.firstHour = firstHour;
        this.lastHour = lastHour;
    }

    /** Dollars that {@code stay} cost more than {@code other} would have. */
    double of(Tier stay, Tier other, double limit) {
        double perHour = prices.storagePerHour(stay, bytes) - prices.storagePerHour(other, bytes);
        double perAccess = prices.access(stay, bytes) - prices.access(other, bytes);
        double regret = 0;
        long next = firstHour;
        for (int bucket = 0; bucket < accesses.buckets() && accesses.hour(bucket) <= lastHour; bucket++) {
            if (accesses.hour(bucket) >= next) {
                regret = within(limit, regret + perHour * (accesses.hour(bucket) - next));
                regret = within(limit, regret + perHour + perAccess * accesses.count(bucket));
                next = accesses.hour(bucket) + 1;
            }
        }
        return within(limit, regret + perHour * Math.max(0, lastHour + 1 - next));
    }

    private static double within(double limit, double regret) {
        return Math.max(0, Math.min(limit, regret));
    }
}
