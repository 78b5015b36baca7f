package io.datapunk.lake.model;

import java.io.Serializable;

/**
 * An order-independent checksum of a set of rows: how many they are, and the sum modulo 2<sup>128</sup> of their
 * hashes. A sum, because XOR would cancel a row that stands twice.
 */
public record RowChecksum(long rows, long high, long low) implements Serializable {
    public static final RowChecksum ZERO = new RowChecksum(0, 0, 0);

    public RowChecksum plus(RowChecksum other) {
        long sum = low + other.low;
        long carry = Long.compareUnsigned(sum, low) < 0 ? 1 : 0;
        return new RowChecksum(rows + other.rows, high + other.high + carry, sum);
    }

    /** The sum as 32 hex digits; the count is not part of it. */
    public String hex() {
        return "%016x%016x".formatted(high, low);
    }

    @Override
    public String toString() {
        return rows + " rows, " + hex();
    }
}
