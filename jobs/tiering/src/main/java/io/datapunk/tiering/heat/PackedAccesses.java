package io.datapunk.tiering.heat;

import io.datapunk.tiering.policy.Accesses;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Accesses by hour in about three bytes a bucket: the distance from the hour before and the count, each as a number of
 * variable length, seven bits a byte. A million partitions with a hundred buckets each so take 300 MB of heap, not 2 GB.
 */
final class PackedAccesses {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private long previous;

    /**
     * @param hour since the epoch, at or after the one added before; the same hour again adds to it
     * @param count from 1
     */
    void add(long hour, long count) {
        write(hour - previous);
        write(count);
        previous = hour;
    }

    private void write(long number) {
        if (number < 0) {
            throw new IllegalArgumentException("hours and counts have to rise from 0, not to " + number);
        }
        long rest = number;
        while (rest >= 0x80) {
            bytes.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    boolean isEmpty() {
        return bytes.size() == 0;
    }

    /** Adds two up, hour by hour, and leaves out what is older than {@code oldest}. */
    static byte[] merge(byte[] one, byte[] other, long oldest) {
        Reader left = new Reader(one);
        Reader right = new Reader(other);
        PackedAccesses merged = new PackedAccesses();
        boolean hasLeft = left.next();
        boolean hasRight = right.next();
        while (hasLeft || hasRight) {
            boolean takeLeft = hasLeft && (!hasRight || left.hour <= right.hour);
            boolean takeRight = hasRight && (!hasLeft || right.hour <= left.hour);
            long hour = takeLeft ? left.hour : right.hour;
            long count = Math.addExact(takeLeft ? left.count : 0, takeRight ? right.count : 0);
            if (hour >= oldest) {
                merged.add(hour, count);
            }
            hasLeft = takeLeft ? left.next() : hasLeft;
            hasRight = takeRight ? right.next() : hasRight;
        }
        return merged.toBytes();
    }

    static byte[] pack(Accesses accesses) {
        PackedAccesses packed = new PackedAccesses();
        for (int bucket = 0; bucket < accesses.buckets(); bucket++) {
            packed.add(accesses.hour(bucket), accesses.count(bucket));
        }
        return packed.toBytes();
    }

    static Accesses unpack(byte[] packed) {
        // No bucket takes less than two bytes.
        long[] hours = new long[packed.length / 2];
        long[] counts = new long[packed.length / 2];
        int buckets = 0;
        for (Reader reader = new Reader(packed); reader.next(); ) {
            if (buckets > 0 && hours[buckets - 1] == reader.hour) {
                counts[buckets - 1] += reader.count;
            } else {
                hours[buckets] = reader.hour;
                counts[buckets++] = reader.count;
            }
        }
        return Accesses.ofSorted(Arrays.copyOf(hours, buckets), Arrays.copyOf(counts, buckets));
    }

    /** Goes through the buckets in order; one that was added in parts comes in parts. */
    private static final class Reader {
        private final byte[] packed;
        private int position;
        private long hour;
        private long count;

        Reader(byte[] packed) {
            this.packed = packed;
        }

        boolean next() {
            if (position >= packed.length) {
                return false;
            }
            hour += number();
            count = number();
            return true;
        }

        private long number() {
            long number = 0;
            for (int shift = 0; ; shift += 7) {
                byte next = packed[position++];
                number |= (long) (next & 0x7F) << shift;
                if (next >= 0) {
                    return number;
                }
            }
        }
    }
}
