package io.datapunk.lake.postgres;

import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.TableDefinition;

/**
 * A partition that has been loaded and is not served yet.
 *
 * @param leaf the detached table that holds it, in schema {@code lake_hot}
 * @param deltaVersion version of the Delta table that was read
 * @param fileSetHash hash of the files that were read
 * @param expected checksum of the rows as the tasks read them from Delta
 * @param bytes size of the leaf and its indexes
 */
public record HotLoad(
        PartitionName partition,
        TableDefinition table,
        String leaf,
        long deltaVersion,
        String fileSetHash,
        RowChecksum expected,
        long bytes) {}
