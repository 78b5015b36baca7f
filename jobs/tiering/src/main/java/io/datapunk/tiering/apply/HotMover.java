package io.datapunk.tiering.apply;

import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Verification;
import java.time.Duration;
import java.time.Instant;

/** Puts partitions into PostgreSQL and takes them out. Called by several threads. */
interface HotMover {
    /** Brings what applications have written there to Delta, and opens what a killed run had closed to them. */
    void catchUp(Instant now);

    /** Loads a partition's rows where no reader sees them. */
    Load load(PartitionFiles source);

    /** Reads the loaded rows back and compares them with the source. */
    Verification verify(Load load);

    /** Lets readers see a verified load, in one transaction, in the place of what was served before. */
    void serve(Load load, Instant now);

    /** Hides a partition from readers, once Delta has every write; its leaf stays for a grace period. */
    void unserve(PartitionName partition, Instant now);

    /** Drops leaves that were hidden, or abandoned by a run that died, longer ago than the grace period. */
    void reclaim(Instant now, Duration grace, BeforeDrop beforeDrop);

    /** A load that no reader sees yet. */
    interface Load {
        PartitionName partition();
    }

    /** Hears of what is about to be dropped. */
    @FunctionalInterface
    interface BeforeDrop {
        void dropping(String leaf);
    }
}
