package io.datapunk.lake.postgres;

import io.datapunk.lake.model.PartitionName;
import java.time.Instant;

/**
 * What the hot store says of a partition.
 *
 * @param deltaVersion version of the Delta table that was loaded
 * @param fileSetHash hash of the files that were loaded; where Delta has another one now, the copy is stale
 * @param epoch the run that loaded it
 * @param bytes size in PostgreSQL, indexes included
 * @param since when the state began
 */
public record Served(
        PartitionName partition,
        long deltaVersion,
        String fileSetHash,
        long epoch,
        State state,
        long bytes,
        long rows,
        Instant since) {
    /** Where a copy is in its life. In the order of what matters to a reader. */
    public enum State {
        /** Readers see it whole. */
        SERVING,
        /** A run fills it, or died while it did. */
        LOADING,
        /** No longer visible; kept for a while. */
        RETIRED
    }
}
