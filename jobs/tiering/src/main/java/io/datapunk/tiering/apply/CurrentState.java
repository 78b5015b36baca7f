package io.datapunk.tiering.apply;

import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.plan.PlannedPartition;
import io.datapunk.tiering.plan.SurveyedPartition;
import io.datapunk.tiering.policy.PartitionFacts;
import io.datapunk.tiering.policy.Placement;
import io.datapunk.tiering.policy.Serving;
import java.util.Optional;

/** Compares a partition with what a plan was made for. Pure. */
final class CurrentState {
    private CurrentState() {}

    /** Whether the partition is where the plan wants it. */
    static boolean isThere(PlannedPartition planned, PartitionFacts current) {
        return switch (planned.decision().to().orElseThrow()) {
            case HOT -> current.serving() == Serving.CURRENT;
            case WARM -> current.serving() == Serving.NOT_SERVED && current.files() == FileTier.WARM;
            case COLD -> current.serving() == Serving.NOT_SERVED && current.files() == FileTier.COLD;
        };
    }

    /**
     * Why the move must not be made any more; empty where the partition is as planned, or half-way because a run of this
     * plan died.
     */
    static Optional<LakeException> drift(PlannedPartition planned, Optional<SurveyedPartition> found) {
        if (found.isEmpty()) {
            return Optional.of(refused(planned, "it has no files any more"));
        }
        PartitionFacts current = found.get().facts();
        Placement from = planned.decision().from();
        boolean sameFiles = found.get().files().fileSetHash().equals(planned.fileSetHash());
        if (current.placement() == from) {
            return sameFiles ? Optional.empty() : Optional.of(refused(planned, "its files changed since the plan"));
        }
        if (isHalfWay(planned, current) && (sameFiles || hasSameRows(planned, found.get()))) {
            return Optional.empty();
        }
        return Optional.of(refused(planned, "it was " + from + " when it was planned and is " + current.placement()));
    }

    /** From cold to hot, and from hot to cold, the way leads over warm. */
    private static boolean isHalfWay(PlannedPartition planned, PartitionFacts current) {
        if (current.placement() != Placement.WARM) {
            return false;
        }
        Tier target = planned.decision().to().orElseThrow();
        return switch (planned.decision().from()) {
            case COLD, MIXED -> target == Tier.HOT;
            case HOT, STALE -> target == Tier.COLD;
            case WARM, UNKNOWN -> false;
        };
    }

    /** A move carries the time of the last write along, so an unchanged time means that only files were exchanged. */
    private static boolean hasSameRows(PlannedPartition planned, SurveyedPartition found) {
        long rows = found.files().rows();
        boolean canDiffer = rows != DataFile.ROWS_UNKNOWN && planned.rows() != DataFile.ROWS_UNKNOWN;
        return found.facts().lastWritten().equals(planned.lastWritten()) && !(canDiffer && rows != planned.rows());
    }

    private static LakeException refused(PlannedPartition planned, String why) {
        return LakeException.gate(
                planned.partition() + " was not moved to "
                        + planned.decision().to().orElseThrow(),
                why,
                "make a new plan with `lake tier plan`");
    }
}
