package io.datapunk.ingest.job;

import io.datapunk.ingest.format.EntryHead;
import io.datapunk.ingest.format.FormatRegistry;
import io.datapunk.ingest.format.Recognition;
import io.datapunk.ingest.framing.ByteRange;
import io.datapunk.ingest.framing.Framing;
import io.datapunk.ingest.framing.FramingKind;
import io.datapunk.ingest.framing.Splits;
import io.datapunk.lake.config.IngestConfig;
import io.datapunk.lake.container.ContainerIndex;
import io.datapunk.lake.container.ContainerKind;
import io.datapunk.lake.container.ContainerPart;
import io.datapunk.lake.container.EntryException;
import io.datapunk.lake.container.EntryReader;
import io.datapunk.lake.container.EntryRef;
import io.datapunk.lake.container.SafetyLimits;
import io.datapunk.lake.container.StagedEntry;
import io.datapunk.lake.container.Staging;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Divides an export into units of work. Small entries are binned; a large one becomes ranges where it can be read in
 * place. A large compressed entry is inflated beside the archive first only where one task would otherwise read for much
 * longer than all the others.
 */
final class ImportPlan {
    private static final long LEAST_UNIT_BYTES = 4L << 20;
    private static final int UNITS_PER_CORE = 6;

    /** Share of one core's part of the work above which a compressed entry holds the others up. */
    private static final double LONG_ENTRY = 0.75;

    private final ContainerIndex index;
    private final IngestConfig limits;
    private final int cores;
    private final Staging staging;
    private final EntryReader reader;
    private final FormatRegistry formats = new FormatRegistry();

    ImportPlan(ContainerIndex index, IngestConfig limits, int cores, Staging staging) {
        this.index = index;
        this.limits = limits;
        this.cores = cores;
        this.staging = staging;
        this.reader = new EntryReader(SafetyLimits.of(limits));
    }

    /** The units, the largest first. */
    List<WorkUnit> units(Progress progress) {
        long total = index.readableBytes();
        long unitBytes = Math.min(limits.splitBytes(), Math.max(LEAST_UNIT_BYTES, total / cores / UNITS_PER_CORE));
        MediaPairs pairs = MediaPairs.of(index.entries());
        List<WorkItem> items = new ArrayList<>(index.entries().size());
        for (int file = 0; file < index.entries().size(); file++) {
            EntryRef entry = index.entries().get(file);
            if (!entry.isReadable()) {
                items.add(WorkItem.account(file, entry));
            } else if (pairs.sidecar(file) != null) {
                items.add(WorkItem.media(file, entry, pairs.sidecar(file)));
            } else if (pairs.isOwned(file)) {
                // The media file's task reads it
                continue;
            } else if (entry.bytes() <= unitBytes + unitBytes / 2) {
                items.add(WorkItem.parse(file, entry));
            } else {
                large(file, entry, unitBytes, total, progress, items);
            }
        }
        return WorkUnit.bin(items, unitBytes);
    }

    private void large(int file, EntryRef entry, long unitBytes, long total, Progress progress, List<WorkItem> items) {
        try {
            Recognition recognition = recognise(entry);
            if (recognition.format().isEmpty() || recognition.format().get().framing() == FramingKind.WHOLE) {
                items.add(WorkItem.parse(file, entry));
                return;
            }
            Framing framing = recognition.format().get().framing().framing(Limits.framing(limits));
            if (entry.isSplittable()) {
                List<ByteRange> ranges = Splits.of(framing, reader.source(entry), unitBytes);
                if (ranges.size() == 1) {
                    items.add(WorkItem.parse(file, entry));
                    return;
                }
                ranges.forEach(range -> items.add(WorkItem.range(file, entry, range, null)));
                items.add(WorkItem.hash(file, entry));
            } else if (entry.bytes() > LONG_ENTRY * total / cores && cores > 1) {
                try (Progress.Stage stage = progress.begin("unpacking " + entry.path(), entry.bytes(), "bytes")) {
                    StagedEntry<List<ByteRange>> staged =
                            staging.stage(reader, entry, new EntryRanges(framing, unitBytes), stage);
                    staged.learned()
                            .forEach(range -> items.add(WorkItem.range(file, staged.entry(), range, staged.sha256())));
                }
            } else {
                items.add(WorkItem.parse(file, entry));
            }
        } catch (EntryException damaged) {
            // The task that reads it finds the same, and puts it into quarantine
            items.add(WorkItem.parse(file, entry));
        } catch (IOException e) {
            throw LakeException.failed(
                    entry.path() + " cannot be divided",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check the disk that holds the export and the lake's staging folder, and run the same command again",
                    e);
        }
    }

    private Recognition recognise(EntryRef entry) throws IOException {
        return formats.recognise(new EntryHead(entry.path(), reader.head(entry, EntryHead.LIMIT), entry.bytes()));
    }

    /**
     * Refuses what is no export.
     *
     * @throws LakeException (failed) where no entry can be read, or where single files are of no known format
     */
    void requireSomething() {
        List<EntryRef> readable =
                index.entries().stream().filter(EntryRef::isReadable).toList();
        if (readable.isEmpty()) {
            String reason = index.entries().stream()
                    .map(EntryRef::reason)
                    .filter(text -> !text.isEmpty())
                    .findFirst()
                    .orElse("all entries were left out");
            throw LakeException.failed(
                    "no file in %s can be read; it has %,d"
                            .formatted(
                                    index.parts().stream()
                                            .map(ContainerPart::name)
                                            .collect(Collectors.joining(", ")),
                                    index.entries().size()),
                    reason,
                    "download the export again without a password, or unpack it and hand in the folder");
        }
        boolean plainOnly = index.parts().stream().allMatch(part -> part.kind() == ContainerKind.FILE);
        if (plainOnly && readable.stream().noneMatch(this::isKnown)) {
            throw LakeException.failed(
                    readable.get(0).path() + " is not an export",
                    readable.get(0).bytes() == 0
                            ? "it is empty"
                            : "it is no zip, tar, tgz or folder, and of no format that is known",
                    "hand in the archives as they were downloaded, or the folder that they were unpacked to");
        }
    }

    private boolean isKnown(EntryRef entry) {
        try {
            Recognition recognition = recognise(entry);
            return recognition.format().isPresent() || recognition.isMedia();
        } catch (IOException e) {
            return false;
        }
    }
}
