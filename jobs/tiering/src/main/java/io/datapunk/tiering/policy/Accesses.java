package io.datapunk.tiering.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** How often a partition was accessed, by clock hour; hours without accesses are left out. Immutable. */
public final class Accesses {
    public static final Accesses NONE = new Accesses(new long[0], new long[0], 0);

    private static final long SECONDS_PER_HOUR = Duration.ofHours(1).toSeconds();

    private final long[] hours;
    private final long[] counts;
    /** The arrays may go on. */
    private final int buckets;

    private Accesses(long[] hours, long[] counts, int buckets) {
        this.hours = hours;
        this.counts = counts;
        this.buckets = buckets;
    }

    /**
     * @param countByHour hours since the epoch → accesses in that hour; none is negative, zeros are left out
     */
    public static Accesses of(Map<Long, Long> countByHour) {
        SortedMap<Long, Long> sorted = new TreeMap<>(countByHour);
        sorted.values().removeIf(count -> count == 0);
        long[] hours = sorted.keySet().stream().mapToLong(Long::longValue).toArray();
        long[] counts = sorted.values().stream().mapToLong(Long::longValue).toArray();
        for (long count : counts) {
            if (count < 0) {
                throw new IllegalArgumentException("accesses cannot be negative: " + count);
            }
        }
        return hours.length == 0 ? NONE : new Accesses(hours, counts, hours.length);
    }

    /**
     * The same from two arrays of one length, which are not copied.
     *
     * @param hours since the epoch, ascending, none twice
     * @param counts from 1
     */
    public static Accesses ofSorted(long[] hours, long[] counts) {
        if (hours.length != counts.length) {
            throw new IllegalArgumentException(hours.length + " hours have " + counts.length + " counts");
        }
        for (int bucket = 0; bucket < hours.length; bucket++) {
            if (counts[bucket] < 1 || (bucket > 0 && hours[bucket] <= hours[bucket - 1])) {
                throw new IllegalArgumentException(
                        "hour " + hours[bucket] + " with " + counts[bucket] + " accesses is not in order");
            }
        }
        return hours.length == 0 ? NONE : new Accesses(hours, counts, hours.length);
    }

    /** The clock hour that a time lies in, in hours since the epoch. */
    public static long hourOf(Instant time) {
        return Math.floorDiv(time.getEpochSecond(), SECONDS_PER_HOUR);
    }

    public static Instant beginOf(long hour) {
        return Instant.ofEpochSecond(hour * SECONDS_PER_HOUR);
    }

    public int buckets() {
        return buckets;
    }

    /** The clock hour of a bucket, ascending with the bucket. */
    public long hour(int bucket) {
        return hours[bucket];
    }

    public long count(int bucket) {
        return counts[bucket];
    }

    /** The first bucket that is not before an hour; as many as there are where all are. */
    int firstFrom(long hour) {
        int found = Arrays.binarySearch(hours, 0, buckets, hour);
        return found < 0 ? -found - 1 : found;
    }

    /** Those up to and including an hour: a view, nothing is copied. */
    public Accesses upTo(long hour) {
        int end = firstFrom(hour + 1);
        return end == buckets ? this : new Accesses(hours, counts, end);
    }

    /** The begin of the last hour with an access that is not in the future of {@code now}. */
    public Optional<Instant> lastBefore(Instant now) {
        long currentHour = hourOf(now);
        for (int bucket = buckets - 1; bucket >= 0; bucket--) {
            if (hours[bucket] <= currentHour) {
                return Optional.of(beginOf(hours[bucket]));
            }
        }
        return Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Accesses that
                && Arrays.equals(hours, 0, buckets, that.hours, 0, that.buckets)
                && Arrays.equals(counts, 0, buckets, that.counts, 0, that.buckets);
    }

    @Override
    public int hashCode() {
        int hash = 1;
        for (int bucket = 0; bucket < buckets; bucket++) {
            hash = 31 * (31 * hash + Long.hashCode(hours[bucket])) + Long.hashCode(counts[bucket]);
        }
        return hash;
    }

    @Override
    public String toString() {
        return Arrays.stream(counts, 0, buckets).sum() + " accesses in " + buckets + " hours";
    }
}
