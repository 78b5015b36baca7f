package io.datapunk.tiering.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Optional;

/**
 * What became of the partitions of a dataset that were accessed as often as this one: for levels of each size, the mean
 * rate over the horizon behind them, measured at each day of the observed past. So bursts that fade, partitions that wake
 * up and levels that mean nothing are priced as often as they happen. And how their silences ended. Immutable.
 */
public final class FamilyForecast {
    /** Nothing was learned: each partition is expected to go on as it did. */
    public static final FamilyForecast NONE = new FamilyForecast(Long.MIN_VALUE / 2, new Bins[0], Silences.NONE);

    /** Own evidence counts as much as this many hours of the family's, so that a rare level is not told by one partition. */
    private static final double OWN_HOURS = 168;

    /** A future shorter than this says too little. */
    private static final int SHORTEST_FUTURE = 168;

    private static final int HOURS_PER_DAY = 24;

    /** Over which it is measured how busy a partition was when it fell silent. */
    private static final HalfLife SILENCE = ExpectedAccesses.HALF_LIVES.get(0);

    private final long firstHour;
    private final Bins[] scales;
    private final Silences silences;

    private FamilyForecast(long firstHour, Bins[] scales, Silences silences) {
        this.firstHour = firstHour;
        this.scales = scales;
        this.silences = silences;
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
        Bins[] scales = new Bins[ExpectedAccesses.HALF_LIVES.size()];
        for (int scale = 0; scale < scales.length; scale++) {
            scales[scale] = new Bins();
            HalfLife halfLife = ExpectedAccesses.HALF_LIVES.get(scale);
            for (PartitionFacts facts : family) {
                scales[scale].learn(facts.accesses(), halfLife, first, current, horizon.toHours());
            }
        }
        Silences silences = Silences.learn(family, SILENCE, first, current, horizon.toHours());
        return new FamilyForecast(first, scales, silences);
    }

    long firstHour() {
        return firstHour;
    }

    /** The rate to be expected behind a level. */
    double expected(int scale, double level) {
        return scales.length == 0 ? level : scales[scale].expected(level);
    }

    /** The next busy hour of one of the family; empty where nothing was learned. */
    Optional<NextBusyHour> next(Accesses own, long current) {
        if (scales.length == 0) {
            return Optional.empty();
        }
        int bucket = own.firstFrom(current + 1) - 1;
        boolean wasAccessed = bucket >= 0 && own.hour(bucket) >= firstHour;
        long last = wasAccessed ? own.hour(bucket) : firstHour - 1;
        double level = wasAccessed ? ExpectedAccesses.level(own, SILENCE, firstHour, last) : 0;
        return Optional.of(silences.next(own, level, current - last, firstHour, current));
    }

    /** Mean rates behind levels. */
    private static final class Bins {
        private final double[] accesses = new double[Levels.COUNT];
        private final double[] hours = new double[Levels.COUNT];

        void learn(Accesses own, HalfLife halfLife, long first, long current, long horizon) {
            double level = 0;
            int past = 0;
            int future = 0;
            long seen = 0;
            long seenByHorizon = 0;
            for (long end = first + HOURS_PER_DAY; end + SHORTEST_FUTURE <= current + 1; end += HOURS_PER_DAY) {
                level *= halfLife.after(HOURS_PER_DAY);
                for (; past < own.buckets() && own.hour(past) < end; past++) {
                    seen += own.count(past);
                    level += own.hour(past) < first ? 0 : own.count(past) * halfLife.after(end - 1 - own.hour(past));
                }
                long until = Math.min(end + horizon, current + 1);
                for (; future < own.buckets() && own.hour(future) < until; future++) {
                    seenByHorizon += own.count(future);
                }
                int bin = Levels.of(level / halfLife.ofHours(end - first));
                accesses[bin] += seenByHorizon - seen;
                hours[bin] += until - end;
            }
        }

        double expected(double level) {
            int bin = Levels.of(level);
            return (accesses[bin] + OWN_HOURS * level) / (hours[bin] + OWN_HOURS);
        }
    }
}
