package io.datapunk.tiering.policy;

import java.util.Collection;

/**
 * How silences ended in a dataset: for partitions that were as busy when last accessed and have been silent for as long,
 * how soon the next hour with accesses came, and how many it had. Every hour of the observed past counts as one at which
 * somebody might have asked. Those that were never accessed are a kind of their own. Immutable.
 */
final class Silences {
    static final Silences NONE = new Silences(1);

    /** The family counts as much as this many silences of a partition's own, and a shorter length as so many of a longer. */
    private static final double PRIOR_SILENCES = 3;

    /** What is known of a level counts this much for the next one. */
    private static final double NEIGHBOUR = 0.5;

    /** By powers of two of hours: 0, 1, 2 to 3, 4 to 7 ... */
    private static final int LENGTHS = 32;

    private final long horizon;
    private final Ends[][] ends = new Ends[Levels.COUNT][LENGTHS];

    private Silences(long horizon) {
        this.horizon = horizon;
        for (Ends[] level : ends) {
            for (int length = 0; length < LENGTHS; length++) {
                level[length] = new Ends();
            }
        }
    }

    /**
     * Learns from all partitions of one dataset: {@code O(hours with accesses · log of the hours between)}.
     *
     * @param first the first hour whose accesses are known
     */
    static Silences learn(
            Collection<PartitionFacts> family, HalfLife halfLife, long first, long current, long horizon) {
        Silences counted = new Silences(horizon);
        for (PartitionFacts facts : family) {
            counted.count(facts.accesses(), halfLife, first, current);
        }
        return counted.smoothed();
    }

    private void count(Accesses own, HalfLife halfLife, long first, long current) {
        long last = first - 1;
        double sum = 0;
        for (int bucket = own.firstFrom(first); bucket < own.buckets() && own.hour(bucket) <= current; bucket++) {
            long hour = own.hour(bucket);
            count(sum / halfLife.ofHours(last - first + 1), hour - last, own.count(bucket));
            sum = sum * halfLife.after(hour - last) + own.count(bucket);
            last = hour;
        }
        count(sum / halfLife.ofHours(last - first + 1), current - last, 0);
    }

    /** @param next accesses of the hour that ended it; 0 where none has yet */
    private void count(double level, long hours, long next) {
        for (int length = 0; length < LENGTHS && begin(length) < hours; length++) {
            ends[Levels.of(level)][length].count(length, hours, next, horizon);
        }
    }

    /** Lets each length borrow from the shorter one, and each level from its neighbours. */
    private Silences smoothed() {
        Silences smoothed = new Silences(horizon);
        for (int level = 0; level < Levels.COUNT; level++) {
            for (int length = 0; length < LENGTHS; length++) {
                Ends sum = smoothed.ends[level][length];
                if (level == 0) {
                    sum.add(ends[0][length], 1);
                }
                for (int other = 1; level > 0 && other < Levels.COUNT; other++) {
                    sum.add(ends[other][length], Math.pow(NEIGHBOUR, Math.abs(other - level)));
                }
                if (length > 0) {
                    sum.addPrior(smoothed.ends[level][length - 1], length);
                }
            }
        }
        return smoothed;
    }

    /**
     * The next busy hour of a partition: as its own silences of this length ended, and as the family's did.
     *
     * @param level when it was last accessed, per hour; 0 where it never was
     * @param silence hours since then
     */
    NextBusyHour next(Accesses own, double level, long silence, long first, long current) {
        int length = lengthOf(silence);
        Ends sum = new Ends();
        int bucket = own.firstFrom(first) + 1;
        for (; bucket < own.buckets() && own.hour(bucket) <= current; bucket++) {
            long hours = own.hour(bucket) - own.hour(bucket - 1);
            if (begin(length) < hours) {
                sum.count(length, hours, own.count(bucket), horizon);
            }
        }
        sum.addPrior(ends[Levels.of(level)][length], length);
        return sum.mean(horizon);
    }

    private static int lengthOf(long hours) {
        return hours <= 0 ? 0 : Math.min(LENGTHS - 1, Long.SIZE - Long.numberOfLeadingZeros(hours));
    }

    private static long begin(int length) {
        return length == 0 ? 0 : 1L << (length - 1);
    }

    /** Sums over hours of silence. */
    private static final class Ends {
        private double asked;
        private double ended;
        private double accesses;
        private double hours;
        private double seen;

        /** Counts the hours in which a silence of so many hours in all was of a length. */
        void count(int length, long whole, long next, long horizon) {
            long from = begin(length);
            long to = Math.min(whole, 1L << length);
            // Up to here its end was too far off to be seen.
            long near = Math.max(from, Math.min(to, whole - horizon));
            asked += to - from;
            hours += (double) (near - from) * horizon + (to - near) * (whole - (near + to - 1) / 2.0);
            if (next > 0 && to > near) {
                ended += to - near;
                accesses += (double) (to - near) * next;
                seen++;
            }
        }

        void add(Ends other, double weight) {
            asked += other.asked * weight;
            ended += other.ended * weight;
            accesses += other.accesses * weight;
            hours += other.hours * weight;
            // Nothing is seen more often than it was.
            seen += other.seen * Math.min(1, weight);
        }

        void addPrior(Ends other, int length) {
            if (other.asked > 0) {
                // A silence is of a length for as many hours as it takes to get there.
                add(other, PRIOR_SILENCES * Math.max(1, begin(length)) / other.asked);
            }
        }

        NextBusyHour mean(long horizon) {
            return asked == 0
                    ? new NextBusyHour(0, 0, horizon, 0)
                    : new NextBusyHour(ended / asked, accesses / asked, hours / asked, seen);
        }
    }
}
