package io.datapunk.maintenance.task;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.storage.StagingLeftovers;
import io.datapunk.lake.storage.StagingLeftovers.Leftover;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Removes what killed jobs have left in staging; what it was made of is still there. */
public final class StagingCleanup {
    private final StagingLeftovers leftovers;
    private final AuditLog audit;
    private final String actor;

    /** @param actor for the audit log */
    public StagingCleanup(LakeConfig config, LakeHome home, String actor) {
        this.leftovers = new StagingLeftovers(home);
        this.audit = AuditLog.of(config, home);
        this.actor = actor;
    }

    /**
     * Removes what nobody has written to for a while.
     *
     * @param own leases that the caller holds
     */
    public Work.Done run(Duration age, Instant now, Set<String> own, boolean dryRun) {
        List<Figure> figures = new ArrayList<>();
        List<String> notes = new ArrayList<>();
        for (Leftover leftover : leftovers.find(now, age)) {
            String subject = leftover.path().toString();
            if (dryRun) {
                figures.add(Figure.found(subject, Quantity.BYTES, leftover.bytes()));
                continue;
            }
            audit.append(new AuditEvent(
                    now,
                    actor,
                    "maintenance.delete",
                    subject,
                    Map.of("written", leftover.lastWritten().toString(), "bytes", Long.toString(leftover.bytes()))));
            if (leftovers.remove(leftover, own)) {
                figures.add(Figure.of(subject, Quantity.BYTES, leftover.bytes(), 0));
            } else {
                notes.add(subject + " stays: a job is at work that may come back to it");
            }
        }
        return new Work.Done(figures, notes, List.of());
    }
}
