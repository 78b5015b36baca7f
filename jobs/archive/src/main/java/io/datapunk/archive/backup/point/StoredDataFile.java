package io.datapunk.archive.backup.point;

import io.datapunk.lake.model.RowChecksum;
import java.util.Optional;

/**
 * A data file of a table: an object of its own, whose key can be destroyed alone.
 *
 * @param path relative to the table's root
 * @param modified milliseconds since the epoch, as Delta's log has it
 * @param partition as {@code user_data.activity/month=2026-01}
 * @param object its id
 * @param rows that live in it
 * @param checksum of these rows, 32 hexadecimal digits; empty where its columns have no canonical form
 * @param deletionVector unique id of the vector that masks some of its rows; empty where all of its rows live
 */
public record StoredDataFile(
        String path,
        long bytes,
        long modified,
        String partition,
        String object,
        long rows,
        String checksum,
        String deletionVector) {
    /** What its rows add to their table's checksum; empty where its columns have no canonical form. */
    public Optional<RowChecksum> rowChecksum() {
        return checksum.isEmpty()
                ? Optional.empty()
                : Optional.of(new RowChecksum(
                        rows,
                        Long.parseUnsignedLong(checksum.substring(0, 16), 16),
                        Long.parseUnsignedLong(checksum.substring(16), 16)));
    }
}
