package io.datapunk.archive.retention;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What is to become of a candidate.
 *
 * @param retentionClass empty where no rule gives it one
 * @param dueAt when its time is over; empty where it has no end, or nobody knows
 * @param part the rows that it is about; empty where it is about all of the candidate
 * @param reason for a person
 */
public record Decision(
        Candidate candidate,
        Outcome outcome,
        Optional<String> retentionClass,
        Optional<Instant> dueAt,
        Optional<DueRows> part,
        String reason) {
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

    /** About all of a candidate. */
    Decision(
            Candidate candidate,
            Outcome outcome,
            Optional<String> retentionClass,
            Optional<Instant> dueAt,
            String reason) {
        this(candidate, outcome, retentionClass, dueAt, Optional.empty(), reason);
    }

    Decision with(Outcome other, String otherReason) {
        return new Decision(candidate, other, retentionClass, dueAt, part, otherReason);
    }

    /** Rows that it is about; empty where they were not counted. */
    public OptionalLong rows() {
        return part.isPresent() ? OptionalLong.of(part.get().rows()) : candidate.rows();
    }

    /** Bytes that it is about; of some of the rows their share. */
    public long bytes() {
        long all = candidate.rows().orElse(0);
        return part.isPresent() && all > 0
                ? (long) ((double) candidate.bytes() * part.get().rows() / all)
                : candidate.bytes();
    }
}
