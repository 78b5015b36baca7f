package io.datapunk.lake.audit;

import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * What is about to be done, or what was noticed. Names no person: users stand here by their surrogate id.
 *
 * @param at when
 * @param actor who does it: a job, as {@code tiering}, or an operator's surrogate
 * @param action what, as {@code tiering.retire}: lower-case words with dots between
 * @param subject to what, as {@code user_data.activity/month=2026-01}
 * @param details what an auditor needs to retrace it, as versions, counts, file names
 */
public record AuditEvent(Instant at, String actor, String action, String subject, Map<String, String> details) {
    private static final Pattern ACTION = Pattern.compile("[a-z0-9_-]+(\\.[a-z0-9_-]+)+");

    public AuditEvent {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(actor, "actor");
        Objects.requireNonNull(subject, "subject");
        if (!ACTION.matcher(action).matches()) {
            throw new IllegalArgumentException(
                    "action '" + action + "' has to be lower-case words with dots between, as tiering.retire");
        }
        details = Map.copyOf(details);
    }
}
