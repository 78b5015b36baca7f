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

    /**
     * Dollars that {@code stay} cost more than {@code other} would have. Goes back in time only as far as it matters: once
     * what was before would have run against the limits in any case, it is forgotten.
     */
    double of(Tier stay, Tier other, double limit) {
        double perHour = prices.storagePerHour(stay, bytes) - prices.storagePerHour(other, bytes);
        double perAccess = prices.access(stay, bytes) - prices.access(other, bytes);
        Bounds later = new Bounds(limit);
        long next = lastHour + 1;
        for (int bucket = accesses.firstFrom(next) - 1; bucket >= 0 && !later.haveMet(); bucket--) {
            long hour = accesses.hour(bucket);
            if (hour < firstHour) {
                break;
            }
            later.before(perHour * (next - hour - 1));
            later.before(perHour + perAccess * accesses.count(bucket));
            next = hour;
        }
        later.before(perHour * Math.max(0, next - firstHour));
        return later.from(0);
    }

    /** What later hours make of a regret: they add to it, and keep it between two values. */
    private static final class Bounds {
        private final double limit;
        private double added;
        private double least;
        private double most;

        Bounds(double limit) {
            this.limit = limit;
            this.most = limit;
        }

        /** Puts an hour, or several alike, before the others. */
        void before(double more) {
            double before = added;
            double lowest = within(before);
            most = within(limit + before);
            least = lowest;
            added = before + more;
        }

        boolean haveMet() {
            return least == most;
        }

        double from(double regret) {
            return within(regret + added);
        }

        private double within(double regret) {
            return Math.max(least, Math.min(most, regret));
        }
    }
}
