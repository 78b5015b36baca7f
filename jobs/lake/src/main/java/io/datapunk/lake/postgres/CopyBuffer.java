package io.datapunk.lake.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import org.postgresql.copy.CopyIn;

/** Rows in PostgreSQL's binary COPY format, gathered into large messages. */
final class CopyBuffer {
    private static final byte[] SIGNATURE = "PGCOPY\n\377\r\n\0".getBytes(StandardCharsets.ISO_8859_1);
    private static final int FLUSH_AT = 64 << 10;

    private byte[] bytes = new byte[FLUSH_AT + (8 << 10)];
    private int length;

    void begin() {
        put(SIGNATURE);
        putInt(0); // flags
        putInt(0); // length of the header's extension
    }

    void end(CopyIn copy) throws SQLException {
        putShort(-1);
        flush(copy);
    }

    void flushIfLarge(CopyIn copy) throws SQLException {
        if (length >= FLUSH_AT) {
            flush(copy);
        }
    }

    private void flush(CopyIn copy) throws SQLException {
        copy.writeToCopy(bytes, 0, length);
        length = 0;
    }

    /** Leaves room for a value's length, and says where. */
    int beginValue() {
        putInt(0);
        return length;
    }

    /** Writes the length of the value that began there. */
    void endValue(int start) {
        setInt(start - Integer.BYTES, length - start);
    }

    void putNull() {
        putInt(-1);
    }

    void put(byte[] value) {
        reserve(value.length);
        System.arraycopy(value, 0, bytes, length, value.length);
        length += value.length;
    }

    void putByte(int value) {
        reserve(1);
        bytes[length++] = (byte) value;
    }

    void putShort(int value) {
        reserve(2);
        bytes[length++] = (byte) (value >>> 8);
        bytes[length++] = (byte) value;
    }

    void putInt(int value) {
        reserve(4);
        length += 4;
        setInt(length - 4, value);
    }

    void putLong(long value) {
        putInt((int) (value >>> 32));
        putInt((int) value);
    }

    private void setInt(int at, int value) {
        bytes[at] = (byte) (value >>> 24);
        bytes[at + 1] = (byte) (value >>> 16);
        bytes[at + 2] = (byte) (value >>> 8);
        bytes[at + 3] = (byte) value;
    }

    private void reserve(int more) {
        if (bytes.length - length < more) {
            bytes = Arrays.copyOf(bytes, Math.max(Math.multiplyExact(bytes.length, 2), Math.addExact(length, more)));
        }
    }
}
