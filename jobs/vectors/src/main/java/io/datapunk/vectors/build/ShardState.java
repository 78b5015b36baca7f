package io.datapunk.vectors.build;

/**
 * A shard as a build finds it.
 *
 * @param live rows that are still in the table
 * @param rows that it was built of
 * @param whole whether its files are what was written
 */
record ShardState(String id, int live, int rows, boolean whole) {}
