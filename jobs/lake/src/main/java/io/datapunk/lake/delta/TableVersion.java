package io.datapunk.lake.delta;

import io.datapunk.lake.model.DatasetName;

/**
 * A table as it was at one of its versions.
 *
 * @param tableId Delta's id: a table that takes another's place has another
 */
public record TableVersion(DatasetName dataset, String tableId, long version) {}
