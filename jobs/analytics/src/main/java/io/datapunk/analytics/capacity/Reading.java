package io.datapunk.analytics.capacity;

/**
 * A number that was measured.
 *
 * @param metric what it says, with its unit where it has one
 */
record Reading(Subject subject, String metric, double value) {
    static final String BYTES = "bytes";
    static final String CAPACITY_BYTES = "capacity_bytes";
    static final String ROWS = "rows";
    static final String FILES = "files";
    static final String SMALL_FILES = "small_files";
    static final String PARTITIONS = "partitions";
    /** The largest partition beside the median one. */
    static final String SKEW = "skew";
    /** Bytes before compression for each byte after it. */
    static final String COMPRESSION_RATIO = "compression_ratio";
    /** Bytes written for each byte of new rows. */
    static final String WRITE_AMPLIFICATION = "write_amplification";

    static final String CACHE_HIT_RATIO = "cache_hit_ratio";
    static final String CONNECTIONS = "connections";
    static final String MAX_CONNECTIONS = "max_connections";
    static final String BYTES_PER_DAY = "bytes_per_day";
    static final String DAYS_TO_RESERVE = "days_to_reserve";
    static final String DAYS_TO_FULL = "days_to_full";
}
