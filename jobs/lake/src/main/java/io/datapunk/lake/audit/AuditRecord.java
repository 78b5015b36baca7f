package io.datapunk.lake.audit;

import java.time.Instant;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * An entry of the log as it was written.
 *
 * @param sequence its number, from 0
 * @param leafHash its hash in the tree, 64 hex digits
 */
public record AuditRecord(
        long sequence,
        Instant at,
        String actor,
        String action,
        String subject,
        SortedMap<String, String> details,
        String leafHash) {
    static AuditRecord of(AuditEntry entry) {
        SortedMap<String, String> details = new TreeMap<>();
        entry.content()
                .path("details")
                .properties()
                .forEach(
                        detail -> details.put(detail.getKey(), detail.getValue().asText()));
        return new AuditRecord(
                entry.sequence(),
                Instant.parse(entry.content().path("at").asText()),
                entry.content().path("actor").asText(),
                entry.action(),
                entry.content().path("subject").asText(),
                details,
                entry.hash());
    }
}
