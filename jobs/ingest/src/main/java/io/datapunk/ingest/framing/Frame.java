package io.datapunk.ingest.framing;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * One record's bytes inside a shared buffer. The buffer's content is valid only until the reader that made the frame is
 * asked for the next one.
 *
 * @param buffer holds the bytes; belongs to the reader
 * @param from index of the first byte in {@code buffer}
 * @param to index after the last byte in {@code buffer}
 * @param position offset of the first byte in the entry
 * @param bytes how many bytes the record has in the entry; more than {@code to - from} only when {@code OVERLONG}
 * @param section where in the entry the record stands; each {@link FramingKind} says what it means
 */
public record Frame(byte[] buffer, int from, int to, long position, long bytes, String section, FrameState state) {

    /** A complete frame, as tests and callers with the bytes at hand make it. */
    public Frame(byte[] buffer, int from, int to, long position, String section) {
        this(buffer, from, to, position, (long) to - from, section, FrameState.COMPLETE);
    }

    /** How many bytes are in the buffer. */
    public int length() {
        return to - from;
    }

    /** Offset in the entry after the record's last byte. */
    public long end() {
        return position + bytes;
    }

    /** A copy of the bytes in the buffer, which outlives the reader's next step. */
    public byte[] copy() {
        return Arrays.copyOfRange(buffer, from, to);
    }

    /** The bytes in the buffer as UTF-8; malformed ones become U+FFFD. */
    public String text() {
        return new String(buffer, from, to - from, StandardCharsets.UTF_8);
    }
}
