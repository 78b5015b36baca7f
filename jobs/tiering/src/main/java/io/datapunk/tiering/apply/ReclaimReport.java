package io.datapunk.tiering.apply;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/**
 * What a run of {@code reclaim} removed, or would.
 *
 * @param held what it left alone
 */
public record ReclaimReport(List<Reclaimed> reclaimed, List<Held> held) {
    public ReclaimReport {
        reclaimed = List.copyOf(reclaimed);
        held = List.copyOf(held);
    }

    /**
     * Files of a table that stay because a hold may need a version that they belong to.
     *
     * @param holds their ids
     */
    public record Held(DatasetName dataset, int files, List<String> holds) {}

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
