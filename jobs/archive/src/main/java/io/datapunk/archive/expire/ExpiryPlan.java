package io.datapunk.archive.expire;

import io.datapunk.archive.retention.Decision.Outcome;
import java.time.Instant;
import java.util.List;

/**
 * What is to expire, and why what else does not.
 *
 * @param id {@code <time of the plan>-<hash of its content>}
 * @param rows one for each partition and package, sorted
 */
public record ExpiryPlan(String id, Instant now, List<PlannedExpiry> rows) {
    public ExpiryPlan {
        rows = List.copyOf(rows);
    }

    /** What may go, perhaps after an approval. */
    public List<PlannedExpiry> going() {
        return rows.stream().filter(PlannedExpiry::goes).toList();
    }

    /** What somebody has to approve. */
    public List<PlannedExpiry> awaiting() {
        return rows.stream()
                .filter(row -> row.outcome() == Outcome.AWAIT_APPROVAL)
                .toList();
    }
}
