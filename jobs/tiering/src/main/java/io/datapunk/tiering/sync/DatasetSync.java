package io.datapunk.tiering.sync;

import io.datapunk.lake.model.DatasetName;

/**
 * What a sync has brought to Delta.
 *
 * @param leftOut changes of rows that Delta does not have any more: a deletion there stands
 */
public record DatasetSync(DatasetName dataset, long inserted, long updated, long deleted, long leftOut) {
    static DatasetSync nothing(DatasetName dataset) {
        return new DatasetSync(dataset, 0, 0, 0, 0);
    }

    DatasetSync plus(DatasetSync other) {
        return new DatasetSync(
                dataset,
                inserted + other.inserted,
                updated + other.updated,
                deleted + other.deleted,
                leftOut + other.leftOut);
    }
}
