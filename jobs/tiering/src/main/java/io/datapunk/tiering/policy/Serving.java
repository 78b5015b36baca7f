package io.datapunk.tiering.policy;

/** What PostgreSQL does with a partition. */
public enum Serving {
    NOT_SERVED,
    CURRENT,
    /** The files changed since they were loaded. */
    STALE,
    /** PostgreSQL is out of reach. */
    UNKNOWN
}
