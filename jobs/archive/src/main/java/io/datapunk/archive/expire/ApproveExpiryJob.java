package io.datapunk.archive.expire;

import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.time.Instant;

/** Writes down in the audit log that somebody approved a plan. */
public final class ApproveExpiryJob {
    private final LakeConfig config;
    private final LakeHome home;

    public ApproveExpiryJob(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
    }

    /**
     * @param by who approves
     * @return the plan
     * @throws LakeException (usage) where there is no such plan, or nothing in it has to be approved
     */
    public ExpiryPlan run(String id, String by, Instant now) {
        ExpiryPlan plan = new ExpiryPlanStore(home).read(id);
        if (plan.awaiting().isEmpty()) {
            throw LakeException.usage(
                    "plan " + id + " was not approved",
                    "nothing in it has to be: "
                            + (plan.going().isEmpty() ? "nothing expires by it" : "the classes are automatic"),
                    "`lake archive expire --apply " + id + "` carries it out");
        }
        new ExpiryAudit(AuditLog.of(config, home), plan, now).approve(by);
        return plan;
    }
}
