package io.datapunk.archive.expire;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A run that carries out a plan: what it deleted, and what it left. */
final class Deletion {
    private final ExpiryAudit audit;
    private final String approvedBy;
    private final Map<Deleted, String> deleted = new LinkedHashMap<>();
    private final List<ApplyExpiryJob.Left> left = new ArrayList<>();

    Deletion(ExpiryAudit audit, String approvedBy) {
        this.audit = audit;
        this.approvedBy = approvedBy;
    }

    /** When it returns, the deletion is in the audit log and may be done. */
    void begin(Deleted what) {
        audit.expire(what, approvedBy);
    }

    void done(Deleted what) {
        deleted.put(what, approvedBy);
    }

    void leave(PlannedExpiry row, String reason) {
        left.add(new ApplyExpiryJob.Left(row.subject(), reason));
    }

    /** Who approved each. */
    Map<Deleted, String> deleted() {
        return deleted;
    }

    List<ApplyExpiryJob.Left> left() {
        return List.copyOf(left);
    }
}
