package io.datapunk.archive.retention;

import java.time.Instant;
import java.util.Optional;

/**
 * What is to become of a candidate.
 *
 * @param retentionClass empty where no rule gives it one
 * @param dueAt when its time is over; empty where it has no end, or nobody knows
 * @param reason for a person
 */
public record Decision(
        Candidate candidate, Outcome outcome, Optional<String> retentionClass, Optional<Instant> dueAt, String reason) {
    /** How it was decided. */
    public enum Outcome {
        /** Its time is over, and its class needs nobody's approval. */
        EXPIRE(true),
        /** Its time is over, and somebody has to approve. */
        AWAIT_APPROVAL(true),
        /** Its time is over, and a legal hold protects it. */
        HELD(false),
        /** Its time is over, and a package that stays cannot be read without it. */
        NEEDED(false),
        /** Its time is over, and it cannot be removed as it lies. */
        OBSTRUCTED(false),
        YOUNG(false),
        /** Its class never expires. */
        KEPT(false),
        NO_CLASS(false),
        AGE_UNKNOWN(false);

        private final boolean goes;

        Outcome(boolean goes) {
            this.goes = goes;
        }

        /** Whether it may go, perhaps after an approval. */
        public boolean goes() {
            return goes;
        }
    }

    Decision with(Outcome other, String otherReason) {
        return new Decision(candidate, other, retentionClass, dueAt, otherReason);
    }
}
