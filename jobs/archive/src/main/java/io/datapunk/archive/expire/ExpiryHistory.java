package io.datapunk.archive.expire;

import io.datapunk.lake.audit.AuditTrail;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the audit log says of a plan. An approval is of the plan's very content, and the log's chain protects it.
 *
 * @param approval the first one, empty where nobody approved
 * @param begun the subjects whose deletion was begun
 */
record ExpiryHistory(Optional<Approval> approval, Set<String> begun) {
    static final String APPROVE = "archive.approve";
    static final String BY = "by";
    static final String SHA256 = "sha256";

    /** @param by who approved */
    record Approval(String by, Instant at) {}

    static ExpiryHistory read(AuditTrail trail, ExpiryPlan plan) {
        Set<String> begun = new TreeSet<>();
        Approval[] first = new Approval[1];
        String sha256 = ExpiryPlanStore.sha256(plan);
        trail.read(0, entry -> {
            if (entry.action().equals(APPROVE)
                    && entry.subject().equals(plan.id())
                    && sha256.equals(entry.details().get(SHA256))
                    && first[0] == null) {
                first[0] = new Approval(entry.details().get(BY), entry.at());
            } else if (entry.action().equals(ExpiryAudit.EXPIRE)
                    && plan.id().equals(entry.details().get(ExpiryAudit.PLAN))) {
                begun.add(entry.subject());
            }
        });
        return new ExpiryHistory(Optional.ofNullable(first[0]), begun);
    }
}
