package io.datapunk.tiering.apply;

import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.Verification;
import java.time.Instant;
import java.util.List;

/** Moves partitions between warm and cold files. Called by several threads. */
interface FileMover {
    /** Writes a partition's files into another tier; nobody sees the copy yet. */
    Copy copy(PartitionFiles source, Tier target);

    /** Reads source and copy from where they lie and compares them. */
    Verification verify(Copy copy);

    /**
     * Switches verified copies of one dataset over in one commit, all or none.
     *
     * @param now what the files note as the time of their move
     * @return the version that shows them
     */
    long commit(List<Copy> copies, Instant now);

    /** Those whose source files are not all live any more. */
    List<Copy> drifted(List<Copy> copies);

    /** Reads a partition's rows and sums them up. */
    RowChecksum checksum(PartitionFiles files);

    /** Deletes a copy that will not be committed. */
    void discard(Copy copy);

    /** A copy that nothing refers to yet. */
    interface Copy {
        PartitionName partition();
    }
}
