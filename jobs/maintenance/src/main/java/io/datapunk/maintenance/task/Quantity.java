package io.datapunk.maintenance.task;

import java.util.Locale;

/** What tasks change. */
public enum Quantity {
    /** Rows that no reader sees any more. */
    DEAD_ROWS(true),
    /** Rows that were written since statistics were made. */
    CHANGED_ROWS(true),
    /** Writes of applications that Delta does not have. */
    PENDING_WRITES(true),
    BYTES(true),
    FILES(true),
    COMMITS_SINCE_CHECKPOINT(true),
    LOG_FILES(true),
    LOG_BYTES(true),
    /** Share of a table that is free. */
    BLOAT(false),
    /** How full the leaves of an index are, a share. */
    DENSITY(false),
    /** Transactions since the oldest row that is not frozen. */
    AGE_TRANSACTIONS(false);

    private final boolean isAmount;

    Quantity(boolean isAmount) {
        this.isAmount = isAmount;
    }

    /** Whether those of several subjects can be added up. */
    public boolean isAmount() {
        return isAmount;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
