package io.datapunk.archive.backup.point;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/**
 * A table at one version.
 *
 * @param dataset as {@code user_data.activity}
 * @param log what of its log is needed, and files of deletion vectors; relative to the table's root
 */
public record StoredTable(String dataset, long version, List<StoredDataFile> data, List<StoredFile> log) {
    public DatasetName name() {
        return DatasetName.parse(dataset);
    }

    public long bytes() {
        return data.stream().mapToLong(StoredDataFile::bytes).sum();
    }
}
