package io.datapunk.tiering.status;

import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.tiering.policy.Heat;
import io.datapunk.tiering.policy.Placement;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a partition is, and why.
 *
 * @param live its files
 * @param rows by the files' statistics; {@link io.datapunk.lake.model.DataFile#ROWS_UNKNOWN} where they have none
 * @param bytes of its files
 * @param hotBytes in PostgreSQL, with indexes; empty where it serves nothing of it
 * @param lastMoved empty where its files never moved
 * @param reason what the policy says of it now
 */
public record PartitionStatus(
        PartitionName partition,
        Placement placement,
        PartitionFiles live,
        long rows,
        long bytes,
        OptionalLong hotBytes,
        Heat heat,
        Instant lastWritten,
        Optional<Instant> lastMoved,
        String reason) {
    /** Where its files lie, whether PostgreSQL serves it or not. */
    public FileTier files() {
        return live.tier();
    }
}
