package io.datapunk.archive.compliance;

import io.datapunk.archive.compliance.ComplianceReport.Entry;
import io.datapunk.lake.audit.AuditRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Counts what stands in the audit log. */
final class AuditedEvents {
    /** Somebody tried what he may not, or the log itself was broken off. */
    private static final Set<String> REFUSALS = Set.of("postgres.denied", "postgres.login-failed", "audit.recovered");

    /** What decides about who may do what, and about what is kept. */
    private static final Set<String> CHANGES = Set.of("permissions.change", "configuration.change", "table.schema");

    private static final String FORGOTTEN = "erasure.end";
    private static final List<String> DELETIONS =
            List.of("remove", "expire", "delete", "destroy", "drop", "erasure.begin");

    private final Instant since;
    private final Instant until;
    private final Map<String, Long> counts = new TreeMap<>();

    AuditedEvents(Instant since, Instant until) {
        this.since = since;
        this.until = until;
    }

    void add(AuditRecord record) {
        if (!record.at().isBefore(since) && record.at().isBefore(until)) {
            counts.merge(record.action(), 1L, Long::sum);
        }
    }

    List<Entry> entries() {
        List<Entry> entries = new ArrayList<>();
        counts.forEach((action, count) -> {
            if (REFUSALS.contains(action)) {
                entries.add(
                        Entry.of(Section.VIOLATIONS, action, "events", count).asFinding(true));
            } else if (CHANGES.contains(action)) {
                entries.add(Entry.of(Section.VIOLATIONS, action, "events", count));
            } else if (action.equals(FORGOTTEN)) {
                entries.add(Entry.of(Section.ERASURES, action, "persons", count));
            } else if (DELETIONS.stream().anyMatch(action::contains)) {
                entries.add(Entry.of(Section.ERASURES, action, "events", count));
            }
        });
        long open = counts.getOrDefault("erasure.begin", 0L) - counts.getOrDefault(FORGOTTEN, 0L);
        if (open > 0) {
            entries.add(Entry.of(Section.ERASURES, "begun and not ended", "persons", open)
                    .withDetail("run `lake archive erase` for them again")
                    .asFinding(true));
        }
        return entries;
    }
}
