package io.datapunk.tiering.plan;

import io.datapunk.lake.model.PartitionName;
import io.datapunk.tiering.policy.Decision;
import io.datapunk.tiering.policy.Decision.Outcome;
import java.time.Instant;

/**
 * A row of a plan: the decision, and what the partition was when it was made, so that drift can be told.
 *
 * @param rows by the files' statistics, {@link io.datapunk.lake.model.DataFile#ROWS_UNKNOWN} where they have none
 */
public record PlannedPartition(Decision decision, String fileSetHash, long bytes, long rows, Instant lastWritten) {
    public PartitionName partition() {
        return decision.partition();
    }

    public boolean moves() {
        return decision.outcome() == Outcome.MOVE;
    }
}
