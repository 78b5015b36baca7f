package io.datapunk.lake.model;

import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * Writes one row's values as canonical bytes and hashes them, so that a row has one hash whichever store it was read
 * from. The caller puts the columns in the order of their names and calls {@link #endRow()}; nested values follow
 * their {@code begin…}.
 *
 * <p>Each value is one tag byte and its content, big-endian; texts and bytes are preceded by their length (4 bytes).
 * Equal values have equal bytes: every NaN is the one canonical NaN, −0.0 stays different from 0.0 because a store
 * that loses the sign has lost something, and a decimal is its unscaled value and scale as declared. Integers of all
 * widths are one tag, because PostgreSQL has no 8-bit integer. The hash is the first 128 bits of SHA-256.
 *
 * <p>Not for use by several threads.
 */
public final class CanonicalRow {
    private static final byte NULL = 0;
    private static final byte BOOLEAN = 1;
    private static final byte INTEGER = 2;
    private static final byte FLOAT = 3;
    private static final byte DOUBLE = 4;
    private static final byte TEXT = 5;
    private static final byte BYTES = 6;
    private static final byte TIMESTAMP = 7;
    private static final byte DATE = 8;
    private static final byte DECIMAL = 9;
    private static final byte ARRAY = 10;
    private static final byte STRUCT = 11;
    private static final byte MAP = 12;

    private final MessageDigest sha256 = Sha256.digest();
    private final byte[] hash = new byte[32];
    private byte[] bytes = new byte[512];
    private int length;
    private long rows;
    private long high;
    private long low;

    public void putNull() {
        reserve(1);
        bytes[length++] = NULL;
    }

    public void putBoolean(boolean value) {
        reserve(2);
        bytes[length++] = BOOLEAN;
        bytes[length++] = (byte) (value ? 1 : 0);
    }

    /** Any integer of up to 64 bits. */
    public void putLong(long value) {
        tagged(INTEGER, value);
    }

    public void putFloat(float value) {
        reserve(5);
        bytes[length++] = FLOAT;
        putInt(Float.floatToIntBits(value));
    }

    public void putDouble(double value) {
        tagged(DOUBLE, Double.doubleToLongBits(value));
    }

    public void putText(String value) {
        putText(value.getBytes(StandardCharsets.UTF_8));
    }

    /** A text that is at hand as UTF-8. */
    public void putText(byte[] utf8) {
        lengthPrefixed(TEXT, utf8);
    }

    public void putBytes(byte[] value) {
        lengthPrefixed(BYTES, value);
    }

    /** An instant, in microseconds since the epoch. */
    public void putTimestampMicros(long value) {
        tagged(TIMESTAMP, value);
    }

    /** A date, in days since the epoch. */
    public void putDateDays(int value) {
        reserve(5);
        bytes[length++] = DATE;
        putInt(value);
    }

    public void putDecimal(BigDecimal value) {
        byte[] unscaled = value.unscaledValue().toByteArray();
        reserve(9 + unscaled.length);
        bytes[length++] = DECIMAL;
        putInt(value.scale());
        putInt(unscaled.length);
        append(unscaled);
    }

    /** The given number of elements follow. */
    public void beginArray(int elements) {
        container(ARRAY, elements);
    }

    /** The given number of fields follow, in the order of their declaration. */
    public void beginStruct(int fields) {
        container(STRUCT, fields);
    }

    /** The given number of pairs follow, key then value, in the order of the keys' canonical bytes. */
    public void beginMap(int entries) {
        container(MAP, entries);
    }

    /** The current row's bytes so far, for ordering map keys and for golden vectors. */
    public byte[] canonicalBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** Adds canonical bytes that another instance made. */
    public void putCanonical(byte[] canonical) {
        reserve(canonical.length);
        append(canonical);
    }

    /** Hashes the row, adds it to the sum, and begins the next one. */
    public void endRow() {
        try {
            sha256.update(bytes, 0, length);
            sha256.digest(hash, 0, hash.length);
        } catch (DigestException e) {
            throw new IllegalStateException("a buffer of 32 bytes holds a SHA-256", e);
        }
        ByteBuffer digest = ByteBuffer.wrap(hash);
        long hashHigh = digest.getLong();
        long hashLow = digest.getLong();
        long sum = low + hashLow;
        high += hashHigh + (Long.compareUnsigned(sum, low) < 0 ? 1 : 0);
        low = sum;
        rows++;
        length = 0;
    }

    /** The checksum of all rows that have been ended. */
    public RowChecksum checksum() {
        return new RowChecksum(rows, high, low);
    }

    /** Forgets the unfinished row. */
    public void reset() {
        length = 0;
    }

    private void tagged(byte tag, long value) {
        reserve(9);
        bytes[length++] = tag;
        putInt((int) (value >>> 32));
        putInt((int) value);
    }

    private void lengthPrefixed(byte tag, byte[] value) {
        reserve(5 + value.length);
        bytes[length++] = tag;
        putInt(value.length);
        append(value);
    }

    private void container(byte tag, int size) {
        reserve(5);
        bytes[length++] = tag;
        putInt(size);
    }

    private void putInt(int value) {
        bytes[length++] = (byte) (value >>> 24);
        bytes[length++] = (byte) (value >>> 16);
        bytes[length++] = (byte) (value >>> 8);
        bytes[length++] = (byte) value;
    }

    private void append(byte[] value) {
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, Math.addExact(length, more)));
        }
    }
}
