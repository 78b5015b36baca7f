package io.datapunk.lake.postgres;

import java.util.Optional;

/**
 * That PostgreSQL has let somebody not in, or not do something, as a line of its log tells.
 *
 * @param role the name that was given; nobody has checked it where the log-in failed
 * @param object what was refused, as {@code table activity}; empty where the line does not say it
 * @param at the time as the line has it, empty where it has none
 */
record Refusal(SqlState state, String role, String database, Optional<String> object, String at) {
    /** What the audit log calls it. */
    String action() {
        return state == SqlState.INSUFFICIENT_PRIVILEGE ? "postgres.denied" : "postgres.login-failed";
    }
}
