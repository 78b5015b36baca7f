package io.datapunk.tiering.sync;

import io.datapunk.lake.model.DatasetName;

/**
 * What a sync has brought to Delta.
 *
 * @param leftOut changes of rows that Delta does not have any more: a deletion there stands
 */
public record DatasetSync(DatasetName dataset, long inserted, long updated, long deleted, long leftOut) {}
