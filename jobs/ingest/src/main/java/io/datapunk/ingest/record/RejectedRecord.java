package io.datapunk.ingest.record;

import java.util.Arrays;
import java.util.Objects;

/**
 * A record that could not become a row. The reason names fields and structure and never repeats the record's content,
 * because reasons are logged and content is private; the sample has the content.
 *
 * @param position byte offset in the entry
 * @param byteFrom first byte of the record in the entry
 * @param byteTo behind the last byte of the record in the entry
 * @param check name of the check that failed, as {@code required-field}
 * @param reason why, in words
 * @param sample the record's first bytes, {@link #SAMPLE_LIMIT} at most
 */
public record RejectedRecord(long position, long byteFrom, long byteTo, String check, String reason, byte[] sample)
        implements ParsedRecord {
    /** Most bytes that a sample may have. */
    public static final int SAMPLE_LIMIT = 64 * 1000;

    public RejectedRecord {
        Objects.requireNonNull(check, "check");
        Objects.requireNonNull(reason, "reason");
        if (sample.length > SAMPLE_LIMIT) {
            sample = Arrays.copyOf(sample, SAMPLE_LIMIT);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RejectedRecord that
                && position == that.position
                && byteFrom == that.byteFrom
                && byteTo == that.byteTo
                && check.equals(that.check)
                && reason.equals(that.reason)
                && Arrays.equals(sample, that.sample);
    }

    @Override
    public int hashCode() {
        return Objects.hash(position, byteFrom, byteTo, check, reason, Arrays.hashCode(sample));
    }

    /** Without the sample, which is private. */
    @Override
    public String toString() {
        return "RejectedRecord[%s at byte %d: %s]".formatted(check, position, reason);
    }
}
