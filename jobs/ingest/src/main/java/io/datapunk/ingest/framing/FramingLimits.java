package io.datapunk.ingest.framing;

import java.io.Serializable;

/**
 * What bounds a reader's memory.
 *
 * @param recordBytes the longest record that is handed on whole; a longer one becomes an {@code OVERLONG} frame
 * @param sampleBytes how much of an overlong record is kept
 */
public record FramingLimits(int recordBytes, int sampleBytes) implements Serializable {
    /** Mail with attachments reaches 50 MB; twice that is room for other sources. */
    public static final FramingLimits DEFAULT = new FramingLimits(128 << 20, 64 << 10);

    /** A record and the next read must fit into one array. */
    private static final int LARGEST_RECORD = 1 << 30;

    public FramingLimits {
        if (recordBytes < 1 || recordBytes > LARGEST_RECORD || sampleBytes < 1 || sampleBytes > recordBytes) {
            throw new IllegalArgumentException(
                    "record limit %d must be 1 to %d bytes, sample %d must be 1 to the record limit"
                            .formatted(recordBytes, LARGEST_RECORD, sampleBytes));
        }
    }
}
