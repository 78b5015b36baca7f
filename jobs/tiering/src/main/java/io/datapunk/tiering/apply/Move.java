package io.datapunk.tiering.apply;

import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.plan.PlannedPartition;

/** A move under way, with the partition as it was found. */
record Move(PlannedPartition planned, PartitionFiles files) {
    PartitionName partition() {
        return planned.partition();
    }

    DatasetName dataset() {
        return partition().dataset();
    }

    Tier target() {
        return planned.decision().to().orElseThrow();
    }

    /** The tier that its files have to be in. */
    Tier fileTarget() {
        return target() == Tier.COLD ? Tier.COLD : Tier.WARM;
    }

    boolean hasFilesInPlace() {
        return files.tier() == (fileTarget() == Tier.COLD ? FileTier.COLD : FileTier.WARM);
    }

    /** Size of the files that do not lie where they have to. */
    long bytesToCopy() {
        return files.files().stream()
                .filter(file -> file.isCold() != (fileTarget() == Tier.COLD))
                .mapToLong(DataFile::bytes)
                .sum();
    }

    /** What went wrong, in words that name this partition. */
    LakeException problem(String verb, RuntimeException e) {
        return e instanceof LakeException known
                ? known
                : LakeException.failed(
                        partition() + " could not " + verb,
                        e.getClass().getSimpleName() + ": " + e.getMessage(),
                        "its source is untouched; run `lake tier apply` again",
                        e);
    }
}
