package io.datapunk.tiering.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;

/**
 * What became of the partitions of a dataset that were accessed as often as this one: for levels of each size, the mean
 * rate over the horizon behind them, measured at each day of the observed past. So bursts that fade, partitions that wake
 * up and levels that mean nothing are priced as often as they happen. Immutable.
 */
public final class FamilyForecast {
    /** Nothing was learned: each partition is expected to go on as it did. */
    public static final FamilyForecast NONE = new FamilyForecast(Long.MIN_VALUE / 2, new Bins[0]);

    /** Own evidence counts as much as this many hours of the family's, so that a rare level is not told by one partition. */
    private static final double OWN_HOURS = 168;

    /** A future shorter than this says too little. */
    private static final int SHORTEST_FUTURE = 168;

    private static final int HOURS_PER_DAY = 24;

    private final long firstHour;
    private final Bins[] scales;

    private FamilyForecast(long firstHour, Bins[] scales) {
        this.firstHour = firstHour;
        this.scales = scales;
    }

    /**
     * Learns from all partitions of one dataset: {@code O(partitions · days)}.
     *
     * @param first the first hour whose accesses are known
     */
    static FamilyForecast learn(Collection<PartitionFacts> family, long first, Duration horizon, Instant now) {
        long current = Accesses.hourOf(now);
        if (first > current) {
            return NONE;
        }
        Bins[] scales = new Bins[ExpectedAccesses.HALF_LIVES.length];
        for (int scale = 0; scale < scales.length; scale++) {
            scales[scale] = new Bins();
            double decay = ExpectedAccesses.decayPerHour(ExpectedAccesses.HALF_LIVES[scale]);
            for (PartitionFacts facts : family) {
                scales[scale].learn(facts.accesses(), decay, first, current, horizon.toHours());
            }
        }
        return new FamilyForecast(first, scales);
    }

    long firstHour() {
        return firstHour;
    }

    /** The rate to be expected behind a level. */
    double expected(int scale, double level) {
        return scales.length == 0 ? level : scales[scale].expected(level);
    }

    /** Levels by powers of two, those without any access apart. */
    private static final class Bins {
        private static final int LOWEST_EXPONENT = -16;
        private static final int COUNT = 64;

        private final double[] accesses = new double[COUNT];
        private final double[] hours = new double[COUNT];

        void learn(Accesses own, double decay, long first, long current, long horizon) {
            double decayPerDay = Math.pow(decay, HOURS_PER_DAY);
            double level = 0;
            int past = 0;
            int future = 0;
            long seen = 0;
            long seenByHorizon = 0;
            for (long end = first + HOURS_PER_DAY; end + SHORTEST_FUTURE <= current + 1; end += HOURS_PER_DAY) {
                level *= decayPerDay;
                for (; past < own.buckets() && own.hour(past) < end; past++) {
                    seen += own.count(past);
                    level += own.hour(past) < first ? 0 : own.count(past) * Math.pow(decay, end - 1 - own.hour(past));
                }
                long until = Math.min(end + horizon, current + 1);
                for (; future < own.buckets() && own.hour(future) < until; future++) {
                    seenByHorizon += own.count(future);
                }
                int bin = bin(level / ExpectedAccesses.totalWeight(decay, end - first));
                accesses[bin] += seenByHorizon - seen;
                hours[bin] += until - end;
            }
        }

        double expected(double level) {
            int bin = bin(level);
            return (accesses[bin] + OWN_HOURS * level) / (hours[bin] + OWN_HOURS);
        }

        private static int bin(double level) {
            if (level <= 0) {
                return 0;
            }
            int exponent = Math.getExponent(level) - LOWEST_EXPONENT;
            return Math.max(1, Math.min(COUNT - 1, exponent + 1));
        }
    }
}
