package io.datapunk.archive.content;

import java.io.Serializable;
import java.util.List;

/**
 * What one task stores: some entries, one after another, in segments of its own.
 *
 * @param entries what is read
 * @param segments which are written, in this order
 */
public record SegmentPlan(List<Part> entries, List<Segment> segments) implements Serializable {
    public SegmentPlan {
        entries = List.copyOf(entries);
        segments = List.copyOf(segments);
    }

    /**
     * An entry, and which of its chunks go where.
     *
     * @param segments for each chunk the index of its segment, or {@link #STORED_ALREADY}
     */
    public record Part(ScannedEntry entry, int[] segments) implements Serializable {
        public static final int STORED_ALREADY = -1;
    }

    /** @param bytes how many, before compression */
    public record Segment(String name, long bytes) implements Serializable {}
}
