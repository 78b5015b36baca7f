package io.datapunk.tiering.apply;

import io.datapunk.tiering.plan.TierPlan;
import java.util.List;

/** Tells people and auditors what moved. Nothing reads it back as truth. */
@FunctionalInterface
interface MoveJournal {
    /** Adds the results of a plan; a move that the journal holds as done already is left alone. */
    void add(TierPlan plan, List<MoveResult> results);
}
