package io.datapunk.tiering.policy;

/** Where a partition is, derived from what exists. */
public enum Placement {
    /** PostgreSQL serves exactly the live files. */
    HOT,
    WARM,
    COLD,
    /** Some of the files are cold. */
    MIXED,
    /** PostgreSQL serves an older set of files. */
    STALE,
    /** PostgreSQL is out of reach, so nobody knows whether it serves the partition. */
    UNKNOWN;

    /** Whether PostgreSQL answers for the partition. */
    public boolean isServed() {
        return this == HOT || this == STALE;
    }
}
