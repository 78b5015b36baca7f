package io.datapunk.lake.audit;

import java.util.Optional;

/**
 * What a check of the whole log found.
 *
 * @param entries entries that are intact, from the first on
 * @param hash leaf hash of the last of them, 64 hex digits; zeros where there is none. Keep a copy elsewhere: it is what
 *     later proves that nothing before it was rewritten
 * @param unfinishedBytes bytes at the end that a crash left of an entry which was never acknowledged; the next append
 *     records them
 * @param damage the first place where the log is not what was written
 */
public record AuditVerification(long entries, String hash, long unfinishedBytes, Optional<Damage> damage) {
    /**
     * A place where the log is not what was written.
     *
     * @param line number of the line in {@code log.ndjson}, from 1
     * @param offset bytes before that line
     * @param what for a person
     */
    public record Damage(long line, long offset, String what) {
        @Override
        public String toString() {
            return "line " + line + " (byte " + offset + "): " + what;
        }
    }

    public boolean intact() {
        return damage.isEmpty();
    }
}
