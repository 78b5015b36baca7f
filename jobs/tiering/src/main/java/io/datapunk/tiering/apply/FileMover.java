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
    /**
     * Writes the files of some partitions of one dataset into another tier; nobody sees the copies yet. Where one cannot
     * be copied, none is.
     *
     * @return a copy of each, in their order
     */
    List<Copy> copy(List<PartitionFiles> sources, Tier target);

    /**
     * Reads sources and copies of one dataset from where they lie and compares each copy with its source.
     *
     * @return a verification of each, in their order
     */
    List<Verification> verify(List<Copy> copies);

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
