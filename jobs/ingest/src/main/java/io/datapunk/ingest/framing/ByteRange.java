package io.datapunk.ingest.framing;

import java.io.Serializable;

/**
 * A part of an entry that begins and ends at record borders, so that a task can frame it alone.
 *
 * @param from offset in the entry of the first byte
 * @param to offset after the last byte
 * @param section what the framing has to know to begin at {@code from}; passed to {@link Framing#open}
 */
public record ByteRange(long from, long to, String section) implements Serializable {
    public ByteRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException("byte range from " + from + " to " + to);
        }
    }

    public long bytes() {
        return to - from;
    }
}
