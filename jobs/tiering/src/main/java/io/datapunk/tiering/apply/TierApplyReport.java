package io.datapunk.tiering.apply;

import io.datapunk.lake.model.LakeException;
import io.datapunk.tiering.apply.MoveResult.State;
import io.datapunk.tiering.plan.TierPlan;
import java.util.List;
import java.util.Optional;

/**
 * What a run of {@code apply} did.
 *
 * @param plan what it carried out
 * @param resumed whether it finished a plan that an interrupted run had begun
 * @param results one for each planned move, sorted by partition
 */
public record TierApplyReport(TierPlan plan, boolean resumed, List<MoveResult> results) {
    public TierApplyReport {
        results = List.copyOf(results);
    }

    public long count(State state) {
        return results.stream().filter(result -> result.state() == state).count();
    }

    /**
     * The error that the command has to end with: a failure where a move failed, a gate where copies did not match or
     * partitions had changed since the plan; empty where every move is done.
     */
    public Optional<LakeException> failure() {
        List<MoveResult> missing =
                results.stream().filter(result -> !result.state().isThere()).toList();
        if (missing.isEmpty()) {
            return Optional.empty();
        }
        String problem = missing.size() + " of " + results.size() + " moves of plan " + plan.id() + " were not made";
        LakeException first = missing.stream()
                .filter(result -> isFailure(result))
                .findFirst()
                .orElse(missing.get(0))
                .problem()
                .orElseThrow();
        String cause = first.problem() + ": " + first.reason()
                + (missing.size() > 1 ? "; and " + (missing.size() - 1) + " more, see the report" : "");
        return Optional.of(
                missing.stream().anyMatch(TierApplyReport::isFailure)
                        ? LakeException.failed(problem, cause, first.remedy(), first)
                        : LakeException.gate(problem, cause, first.remedy()));
    }

    private static boolean isFailure(MoveResult result) {
        return result.problem()
                .filter(problem -> problem.kind() != LakeException.Kind.GATE)
                .isPresent();
    }
}
