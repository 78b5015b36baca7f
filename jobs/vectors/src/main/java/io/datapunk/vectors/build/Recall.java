package io.datapunk.vectors.build;

/**
 * What an index was seen to find.
 *
 * @param share of the true neighbours
 * @param probes shards with a centroid that a search has to look into for that
 * @param searches that were made
 */
record Recall(double share, int probes, int searches) {}
