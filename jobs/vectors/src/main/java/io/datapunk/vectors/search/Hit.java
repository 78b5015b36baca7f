package io.datapunk.vectors.search;

import io.datapunk.vectors.shard.IndexedRow;

/**
 * A row that a search has found.
 *
 * @param score how near it is, see {@link io.datapunk.lake.config.VectorMetric}
 */
public record Hit(String collection, IndexedRow row, float score) {}
