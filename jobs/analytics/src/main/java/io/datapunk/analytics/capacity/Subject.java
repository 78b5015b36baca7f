package io.datapunk.analytics.capacity;

import java.util.Locale;

/**
 * Something that has a size.
 *
 * @param name which one of its kind
 */
record Subject(Kind kind, String name) implements Comparable<Subject> {
    enum Kind {
        /** All tables together. */
        LAKE,
        /** Files of all tables, by where they lie; what PostgreSQL serves. */
        TIER,
        DATASET,
        /** A disk. */
        VOLUME,
        POSTGRES;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Override
    public int compareTo(Subject other) {
        int byKind = kind.compareTo(other.kind);
        return byKind != 0 ? byKind : name.compareTo(other.name);
    }
}
