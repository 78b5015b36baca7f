package io.datapunk.tiering;

/** The lease under which the hot tier and the files of tables are changed: one job at a time. */
public final class TieringLease {
    public static final String JOB = "tier-apply";

    private TieringLease() {}
}
