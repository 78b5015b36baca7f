package io.datapunk.lake.delta;

import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.TableShape;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A table at one version, as its log tells it.
 *
 * @param version the commit's number
 * @param committedAt when that commit was made
 * @param shape its columns
 * @param partitions those that hold at least one file, sorted by name
 */
public record TableSnapshot(
        DatasetName dataset, long version, Instant committedAt, TableShape shape, List<PartitionFiles> partitions) {
    public TableSnapshot {
        partitions = List.copyOf(partitions);
    }

    /** The partition's files, empty where it holds none. */
    public Optional<PartitionFiles> partition(PartitionName name) {
        return partitions.stream()
                .filter(partition -> partition.partition().equals(name))
                .findFirst();
    }

    /** The partition's files; none where it has no rows. */
    public PartitionFiles filesOf(PartitionName name) {
        return partition(name).orElseGet(() -> PartitionFiles.none(name, version));
    }

    public long bytes() {
        return partitions.stream().mapToLong(PartitionFiles::bytes).sum();
    }

    public int files() {
        return partitions.stream()
                .mapToInt(partition -> partition.files().size())
                .sum();
    }

    /** The rows by the files' statistics, {@link DataFile#ROWS_UNKNOWN} as soon as one partition's are unknown. */
    public long rows() {
        long rows = 0;
        for (PartitionFiles partition : partitions) {
            if (partition.rows() == DataFile.ROWS_UNKNOWN) {
                return DataFile.ROWS_UNKNOWN;
            }
            rows += partition.rows();
        }
        return rows;
    }
}
