package io.datapunk.lake.postgres;

/**
 * How well an index finds neighbours.
 *
 * @param recall share of the true neighbours that were found, 0 to 1
 * @param queries how many searches that is the mean of
 * @param neighbours that each search asked for
 * @param milliseconds of a search through the index, on one connection, in the mean
 */
public record MeasuredRecall(double recall, int queries, int neighbours, double milliseconds) {}
