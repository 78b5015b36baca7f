package io.datapunk.vectors.search;

import io.datapunk.vectors.shard.RowKey;

/**
 * A row that is near, by its key alone.
 *
 * @param score how near it is, see {@link io.datapunk.lake.config.VectorMetric}
 */
public record NearRow(RowKey row, float score) {}
