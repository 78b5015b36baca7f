package io.datapunk.tiering.plan;

/**
 * What PostgreSQL serves of a partition.
 *
 * @param fileSetHash of the files that it was loaded from
 * @param bytes in PostgreSQL, with indexes
 */
public record HotCopy(String fileSetHash, long bytes, long rows) {}
