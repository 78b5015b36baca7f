package io.datapunk.archive.create;

import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.bag.PackageWriter.Pack;
import io.datapunk.archive.bag.SegmentRecord;
import io.datapunk.archive.content.ChunkReader;
import io.datapunk.archive.content.SegmentPlan;
import io.datapunk.archive.content.SegmentPlan.Part;
import io.datapunk.archive.content.SegmentPlan.Segment;
import io.datapunk.archive.segment.Compression;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.io.Serializable;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Stores what is new of some entries, in packs of its own.
 *
 * @param packBytes about how large a pack grows before the next one begins
 */
record SealTask(
        Broadcast<SerializableConfiguration> configuration,
        String location,
        PackageFolder folder,
        Compression compression,
        long packBytes)
        implements Function<SealTask.Work, SealTask.Sealed> {
    /** What one task does, owner by owner. */
    record Work(List<OwnersPart> parts) implements Serializable {
        Work {
            parts = List.copyOf(parts);
        }
    }

    /**
     * @param sources of the plan's entries, in its order
     * @param keys of the plan's segments, in its order
     */
    record OwnersPart(String owner, SegmentPlan plan, List<SourceEntry> sources, List<SegmentKeys.New> keys)
            implements Serializable {
        OwnersPart {
            sources = List.copyOf(sources);
            keys = List.copyOf(keys);
        }

        long bytes() {
            return plan.segments().stream().mapToLong(Segment::bytes).sum();
        }
    }

    /** What was written. */
    record Sealed(List<Pack> packs, List<SegmentRecord> segments) implements Serializable {}

    @Override
    public Sealed call(Work work) throws IOException {
        Configuration stores = configuration.value().value();
        String first = work.parts().get(0).plan().segments().get(0).name();
        // Attempts of one task do not write over one another.
        String name = first + "-" + TaskContext.get().attemptNumber();
        try (PackFiles packs =
                new PackFiles(new PackageStore(location, stores), folder, name, packBytes, compression)) {
            for (OwnersPart part : work.parts()) {
                packs.begin(part);
                for (int i = 0; i < part.sources().size(); i++) {
                    try (ChunkReader reader =
                            new ChunkReader(part.sources().get(i).open(stores))) {
                        store(part.plan().entries().get(i), reader, packs);
                    }
                }
                packs.endSegment();
            }
            packs.endPack();
            return new Sealed(packs.packs(), packs.segments());
        }
    }

    private static void store(Part part, ChunkReader reader, PackFiles packs) throws IOException {
        int chunk = 0;
        for (; reader.next(); chunk++) {
            boolean asPlanned = chunk < part.segments().length;
            if (asPlanned && part.segments()[chunk] == Part.STORED_ALREADY) {
                continue;
            }
            if (!asPlanned || !reader.chunk().equals(part.entry().chunks().get(chunk))) {
                throw changed(part);
            }
            packs.write(part.segments()[chunk], reader);
        }
        if (chunk < part.segments().length) {
            throw changed(part);
        }
    }

    private static LakeException changed(Part part) {
        return LakeException.failed(
                "the package cannot be made",
                part.entry().path() + " was changed while it was archived",
                "run the command again when nobody writes it");
    }
}
