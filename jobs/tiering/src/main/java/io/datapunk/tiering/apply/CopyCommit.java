package io.datapunk.tiering.apply;

import io.datapunk.lake.model.LakeException;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.apply.MoveResult.State;
import io.datapunk.tiering.apply.Outcome.Copied;
import java.time.Instant;
import java.util.List;

/** Switches verified copies of one dataset over in one commit, written down in the audit log before. */
final class CopyCommit {
    private final FileMover files;
    private final FaultPoint fault;
    private final MoveAudit audit;
    private final Instant now;
    private final Refusals refusals;

    /** Hears of what was not switched over. */
    @FunctionalInterface
    interface Refusals {
        void add(Move move, State state, LakeException problem);
    }

    CopyCommit(PlanExecution.Tools tools, MoveAudit audit, Instant now, Refusals refusals) {
        this.files = tools.files();
        this.fault = tools.fault();
        this.audit = audit;
        this.now = now;
        this.refusals = refusals;
    }

    /** Returns those that were switched over. */
    List<Copied> commit(List<Copied> staged) {
        try {
            switchOver(staged);
            return staged;
        } catch (RuntimeException e) {
            return commitWithoutDrifted(staged, e);
        }
    }

    private void switchOver(List<Copied> staged) {
        staged.forEach(copied -> audit.retiringFiles(copied.move(), copied.checksum()));
        fault.reached("move.audited");
        files.commit(staged.stream().map(Copied::copy).toList(), now);
        fault.reached("move.committed");
    }

    /** Somebody rewrote the source of some: the others need not suffer. */
    private List<Copied> commitWithoutDrifted(List<Copied> staged, RuntimeException failure) {
        List<Copied> rest = staged;
        RuntimeException reason = failure;
        try {
            List<FileMover.Copy> drifted =
                    files.drifted(staged.stream().map(Copied::copy).toList());
            List<Copied> refused = staged.stream()
                    .filter(copied -> drifted.contains(copied.copy()))
                    .toList();
            rest = staged.stream()
                    .filter(copied -> !drifted.contains(copied.copy()))
                    .toList();
            for (Copied copied : refused) {
                files.discard(copied.copy());
                refusals.add(
                        copied.move(),
                        State.REFUSED,
                        LakeException.gate(
                                copied.move().partition() + " was not moved to "
                                        + copied.move().target(),
                                "its files were rewritten while they were copied",
                                "make a new plan with `lake tier plan`; the copy that was made was deleted"));
            }
            if (refused.isEmpty()) {
                throw failure;
            }
            if (!rest.isEmpty()) {
                switchOver(rest);
            }
            return rest;
        } catch (RuntimeException again) {
            reason = again;
        }
        for (Copied copied : rest) {
            refusals.add(copied.move(), State.FAILED, copied.move().problem("be committed", reason));
        }
        return List.of();
    }
}
