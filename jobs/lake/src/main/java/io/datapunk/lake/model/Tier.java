package io.datapunk.lake.model;

/** Where a policy wants a partition to be. */
public enum Tier {
    /** A verified serving copy in PostgreSQL; the Delta files stay where they are. */
    HOT,
    /** Parquet with {@code lz4_raw} pages in the partition's own folder. */
    WARM,
    /** Parquet with {@code zstd} pages under the table's {@code cold/} folder. */
    COLD
}
