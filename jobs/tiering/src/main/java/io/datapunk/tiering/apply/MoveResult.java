package io.datapunk.tiering.apply;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.plan.PlannedPartition;
import java.time.Instant;
import java.util.Optional;

/**
 * What became of a planned move.
 *
 * @param checksum of the rows that were copied, as read back; empty where none were
 * @param problem why it was refused or failed
 */
public record MoveResult(
        PlannedPartition planned,
        State state,
        Optional<RowChecksum> checksum,
        Optional<LakeException> problem,
        Instant endedAt) {
    /** How a move ended. */
    public enum State {
        DONE,
        /** An earlier, interrupted run had done it. */
        FOUND_DONE,
        /** The partition is not what the plan was made for; the next plan decides anew. */
        REFUSED,
        FAILED;

        /** Whether the partition is where the plan wants it. */
        public boolean isThere() {
            return this == DONE || this == FOUND_DONE;
        }
    }

    public PartitionName partition() {
        return planned.partition();
    }

    public Tier target() {
        return planned.decision().to().orElseThrow();
    }
}
