package io.datapunk.vectors.build;

/**
 * A whole shard as a build finds it.
 *
 * @param live rows that are still in the table
 * @param rows that it was built of
 */
record ShardState(String id, int live, int rows) {}
