package io.datapunk.archive.expire;

import io.datapunk.archive.bag.PackageRecords;
import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** What is written down before something expires. */
final class ExpiryAudit {
    static final String EXPIRE = PackageRecords.EXPIRE;
    static final String PLAN = PackageRecords.PLAN;
    private static final String ACTOR = "archive";

    private final AuditLog log;
    private final ExpiryPlan plan;
    private final Instant now;

    ExpiryAudit(AuditLog log, ExpiryPlan plan, Instant now) {
        this.log = log;
        this.plan = plan;
        this.now = now;
    }

    void approve(String by) {
        log.append(new AuditEvent(
                now,
                ACTOR,
                ExpiryHistory.APPROVE,
                plan.id(),
                Map.of(ExpiryHistory.BY, by, ExpiryHistory.SHA256, ExpiryPlanStore.sha256(plan))));
    }

    void expire(Deleted deleted, String approvedBy) {
        Map<String, String> details = new TreeMap<>();
        details.put(PLAN, plan.id());
        details.put("class", deleted.retentionClass());
        details.put("due", deleted.dueAt().toString());
        details.put("approved_by", approvedBy);
        deleted.enteredBefore().ifPresent(limit -> details.put("entered_before", limit.toString()));
        deleted.rows().ifPresent(rows -> details.put("rows", Long.toString(rows)));
        details.put("bytes", Long.toString(deleted.bytes()));
        details.put("checksum", deleted.checksum());
        log.append(new AuditEvent(now, ACTOR, EXPIRE, deleted.subject().name(), details));
    }
}
