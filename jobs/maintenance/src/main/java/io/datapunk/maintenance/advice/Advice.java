package io.datapunk.maintenance.advice;

import java.util.Locale;

/**
 * A change that was found worth it.
 *
 * @param subject table, index or role
 * @param evidence what was observed
 * @param statement that does it: SQL, or a line of the lake's configuration
 */
public record Advice(Kind kind, String subject, String evidence, Effect effect, String statement) {
    /** What kind of change. */
    public enum Kind {
        MISSING_INDEX,
        UNUSED_INDEX,
        DUPLICATE_INDEX,
        UNPRUNED_PARTITIONS,
        CLUSTERING,
        MEMORY;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * What a trial measured.
     *
     * @param measure what was counted, with its unit: {@code pages}, {@code bytes}, {@code rows_read}
     * @param measuredOn of what, and what was measured besides
     */
    public record Effect(String measure, double before, double after, String measuredOn) {}
}
