package io.datapunk.maintenance.remediation;

import java.util.Locale;

/** What calls for something to be done. */
public enum Trigger {
    /** Few connections are left. */
    CONNECTIONS,
    /** A query runs for too long. */
    LONG_QUERY,
    /** PostgreSQL reads much from disk. */
    CACHE_HITS,
    /** A disk fills up: logs are compressed. */
    DISK_LOGS,
    /** A disk is nearly full: staging that nobody uses goes. */
    DISK_TEMPORARY,
    /** A disk is about to be full: the coldest data leaves it. */
    DISK_DATA;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
