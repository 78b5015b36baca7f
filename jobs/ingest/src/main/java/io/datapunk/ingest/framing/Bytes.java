package io.datapunk.ingest.framing;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds bytes eight at a time. Indexes are into an array; {@code to} is exclusive and the answer when nothing is found. */
final class Bytes {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_BITS = 0x0101010101010101L;
    private static final long HIGH_BITS = 0x8080808080808080L;

    private Bytes() {}

    static int indexOf(byte[] buffer, int from, int to, byte wanted) {
        long pattern = LOW_BITS * (wanted & 0xff);
        int index = from;
        for (; index + Long.BYTES <= to; index += Long.BYTES) {
            long found = zeroBytes((long) LONGS.get(buffer, index) ^ pattern);
            if (found != 0) {
                return index + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; index < to; index++) {
            if (buffer[index] == wanted) {
                return index;
            }
        }
        return to;
    }

    static int indexOfEither(byte[] buffer, int from, int to, byte one, byte other) {
        long onePattern = LOW_BITS * (one & 0xff);
        long otherPattern = LOW_BITS * (other & 0xff);
        int index = from;
        for (; index + Long.BYTES <= to; index += Long.BYTES) {
            long word = (long) LONGS.get(buffer, index);
            long found = zeroBytes(word ^ onePattern) | zeroBytes(word ^ otherPattern);
            if (found != 0) {
                return index + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; index < to; index++) {
            if (buffer[index] == one || buffer[index] == other) {
                return index;
            }
        }
        return to;
    }

    /** The next quote, backslash or line feed: what can end a JSON string or break it. */
    static int indexInString(byte[] buffer, int from, int to) {
        int index = from;
        for (; index + Long.BYTES <= to; index += Long.BYTES) {
            long word = (long) LONGS.get(buffer, index);
            long found = zeroBytes(word ^ (LOW_BITS * '"'))
                    | zeroBytes(word ^ (LOW_BITS * '\\'))
                    | zeroBytes(word ^ (LOW_BITS * '\n'));
            if (found != 0) {
                return index + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; index < to; index++) {
            byte b = buffer[index];
            if (b == '"' || b == '\\' || b == '\n') {
                return index;
            }
        }
        return to;
    }

    /** The next quote, brace or bracket; also stops at a few letters that are rare outside JSON strings. */
    static int indexOfStructure(byte[] buffer, int from, int to) {
        int index = from;
        for (; index + Long.BYTES <= to; index += Long.BYTES) {
            long word = (long) LONGS.get(buffer, index);
            // '[' ']' '{' '}' differ only in the bits of 0x26; with those set each is 0x7f.
            long found = zeroBytes(word ^ (LOW_BITS * '"')) | zeroBytes((word | (LOW_BITS * 0x26)) ^ (LOW_BITS * 0x7f));
            if (found != 0) {
                return index + (Long.numberOfTrailingZeros(found) >>> 3);
            }
        }
        for (; index < to; index++) {
            byte b = buffer[index];
            if (b == '"' || b == '{' || b == '}' || b == '[' || b == ']') {
                return index;
            }
        }
        return to;
    }

    /** Whether the bytes at an index are these; false where they would pass {@code to}. */
    static boolean startsWith(byte[] buffer, int index, int to, byte[] wanted) {
        if (index < 0 || to - index < wanted.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (buffer[index + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    static boolean isWhiteSpace(byte b) {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /**
     * The high bit of each byte that is zero. A byte above a zero byte may be marked wrongly, the lowest mark is right:
     * callers use only that one.
     */
    private static long zeroBytes(long word) {
        return (word - LOW_BITS) & ~word & HIGH_BITS;
    }
}
