package io.datapunk.tiering.policy;

import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import java.util.Optional;

/**
 * What a plan does with one partition.
 *
 * @param from where it is
 * @param to where it is to go or, deferred, where it will; empty where it stays
 * @param bytesToCopy what the move copies; 0 where nothing moves
 * @param reason for a person, with the numbers
 */
public record Decision(
        PartitionName partition,
        Placement from,
        Outcome outcome,
        Optional<Tier> to,
        long bytesToCopy,
        Heat heat,
        String reason) {
    /** What becomes of a wish. */
    public enum Outcome {
        STAY,
        MOVE,
        /** Wanted, but it does not fit a budget now. */
        DEFER
    }

    public Decision {
        if ((outcome == Outcome.STAY) == to.isPresent()) {
            throw new IllegalArgumentException(partition + ": only what moves or waits has a target, not " + outcome);
        }
    }
}
