package io.datapunk.tiering.apply;

import java.util.List;

/** What a run of {@code reclaim} removed, or would. */
public record ReclaimReport(List<Reclaimed> reclaimed) {
    public ReclaimReport {
        reclaimed = List.copyOf(reclaimed);
    }

    /** What was removed. */
    public enum Kind {
        /** Files of a table that no version within its retention refers to. */
        FILES,
        /** A copy in PostgreSQL that is not served any more. */
        COPY
    }

    /**
     * @param subject the dataset, or the partition
     * @param count files, or copies
     */
    public record Reclaimed(Kind kind, String subject, int count, long bytes) {}
}
