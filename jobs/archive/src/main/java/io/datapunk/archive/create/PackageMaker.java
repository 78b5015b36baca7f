package io.datapunk.archive.create;

import io.datapunk.archive.bag.Damage;
import io.datapunk.archive.bag.PackageCheck;
import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageIndex;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.bag.PackageWriter;
import io.datapunk.archive.bag.PackageWriter.Pack;
import io.datapunk.archive.bag.SegmentRecord;
import io.datapunk.archive.content.PackingPlan;
import io.datapunk.archive.content.ScannedEntry;
import io.datapunk.archive.content.SegmentPlan;
import io.datapunk.archive.segment.Compression;
import io.datapunk.archive.segment.SegmentWriter;
import io.datapunk.lake.config.ArchiveConfig;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.Sha256;
import java.io.IOException;
import java.security.DigestOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Makes a package: reads every entry and cuts it into chunks, stores those that no package of their owner holds, writes the
 * tag files, reads everything back, and only then makes the folder a package.
 */
final class PackageMaker {
    private static final int INDEX_LEVEL = 19;
    private static final int TASKS_PER_CORE = 4;

    private final SparkSession spark;
    private final PackageStore store;
    private final String location;
    private final SegmentKeys keys;
    private final ArchiveConfig config;
    private final Broadcast<SerializableConfiguration> configuration;

    PackageMaker(
            SparkSession spark,
            PackageStore store,
            String location,
            Configuration stores,
            SegmentKeys keys,
            ArchiveConfig config) {
        this.spark = spark;
        this.store = store;
        this.location = location;
        this.keys = keys;
        this.config = config;
        this.configuration = SerializableConfiguration.broadcast(spark.sparkContext(), stores);
    }

    /** Something to be archived, and whose it is. */
    record Owned(KeyOwner owner, SourceEntry source) {}

    /**
     * What was read of the sources.
     *
     * @param entries by owner, in the order in which they are stored
     * @param unreadable the paths of the others, with the reason
     */
    record Scan(SortedMap<KeyOwner, List<Read>> entries, SortedMap<String, String> unreadable) {
        /** An entry and where it came from. */
        record Read(ScannedEntry entry, SourceEntry source) {}

        long count() {
            return entries.values().stream().mapToLong(List::size).sum();
        }

        long bytes() {
            return entries.values().stream()
                    .flatMap(List::stream)
                    .mapToLong(read -> read.entry().bytes())
                    .sum();
        }
    }

    /** Reads the sources once. */
    Scan scan(List<Owned> sources, Progress progress) {
        long bytes = sources.stream().mapToLong(owned -> owned.source().bytes()).sum();
        Scan scan = new Scan(new TreeMap<>(), new TreeMap<>());
        try (Progress.Stage stage = progress.begin("reading entries", bytes, "bytes")) {
            // Neighbours have much in common when files of one kind stand together.
            List<Owned> sorted = sources.stream()
                    .sorted(Comparator.comparing(Owned::owner)
                            .thenComparing(owned -> extension(owned.source()))
                            .thenComparing(owned -> owned.source().path()))
                    .toList();
            JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
            int tasks = Math.max(1, Math.min(sorted.size(), TASKS_PER_CORE * context.defaultParallelism()));
            List<ScanTask.Scanned> scanned = context.parallelize(
                            sorted.stream().map(Owned::source).toList(), tasks)
                    .map(new ScanTask(configuration))
                    .collect();
            for (int i = 0; i < scanned.size(); i++) {
                Owned owned = sorted.get(i);
                if (scanned.get(i).reason() == null) {
                    scan.entries
                            .computeIfAbsent(owned.owner(), any -> new ArrayList<>())
                            .add(new Scan.Read(scanned.get(i).entry(), owned.source()));
                } else {
                    scan.unreadable.put(owned.source().path(), scanned.get(i).reason());
                }
            }
            stage.advance(bytes);
        }
        return scan;
    }

    private static String extension(SourceEntry source) {
        int dot = source.path().lastIndexOf('.');
        return dot > source.path().lastIndexOf('/') ? source.path().substring(dot) : "";
    }

    /**
     * @param newBytes that no package held before
     * @param storedBytes what is written takes
     */
    record Made(long newBytes, long storedBytes) {
        static final Made NOTHING = new Made(0, 0);
    }

    Made make(PackageFolder folder, Scan scan, KnownContent known, Packaging.Material material, Progress progress)
            throws IOException {
        ArchiveConfig.Packing packing = material.packing();
        long segmentBytes = PackingPlan.evenSegments(
                scan.bytes(), packing.segmentBytes(), spark.sparkContext().defaultParallelism());
        SortedMap<KeyOwner, PackingPlan> plans = plan(folder, scan, known, segmentBytes);
        List<SealTask.Work> work = work(scan, plans, segmentBytes);
        List<Pack> packs = new ArrayList<>();
        List<SegmentRecord> segments = new ArrayList<>();
        for (SealTask.Sealed sealed : seal(folder, work, packing, progress)) {
            packs.addAll(sealed.packs());
            segments.addAll(sealed.segments());
        }
        Made made = new Made(
                segments.stream().mapToLong(SegmentRecord::rawBytes).sum(),
                packs.stream().mapToLong(Pack::bytes).sum());
        plans.values().forEach(plan -> segments.addAll(known.segmentsOf(plan)));
        writeIndexes(folder, plans, packs, segments);
        PackageWriter writer = new PackageWriter(store, folder);
        writer.describe(packs, segments, material.reason(), material.rows());
        verify(folder, progress);
        material.index().accept(folder);
        writer.finish();
        store.protect(folder);
        return made;
    }

    private static SortedMap<KeyOwner, PackingPlan> plan(
            PackageFolder folder, Scan scan, KnownContent known, long segmentBytes) {
        SortedMap<KeyOwner, PackingPlan> plans = new TreeMap<>();
        int segments = 0;
        for (Map.Entry<KeyOwner, List<Scan.Read>> owned : scan.entries().entrySet()) {
            int before = segments;
            PackingPlan plan = PackingPlan.of(
                    owned.getValue().stream().map(Scan.Read::entry).toList(),
                    known.chunks(owned.getKey()),
                    segmentBytes,
                    number -> folder.segment(before + number));
            plans.put(owned.getKey(), plan);
            segments += plan.tasks().stream()
                    .mapToInt(task -> task.segments().size())
                    .sum();
        }
        return plans;
    }

    private List<SealTask.Sealed> seal(
            PackageFolder folder, List<SealTask.Work> work, ArchiveConfig.Packing packing, Progress progress) {
        if (work.isEmpty()) {
            return List.of();
        }
        JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
        // Few tasks leave cores idle: zstd takes them.
        int cores = context.defaultParallelism() / work.size();
        Compression compression = new Compression(packing.level(), config.windowLog(), cores > 1 ? cores : 0);
        long bytes = work.stream()
                .flatMap(task -> task.parts().stream())
                .mapToLong(SealTask.OwnersPart::bytes)
                .sum();
        try (Progress.Stage stage = progress.begin("packing", bytes, "bytes")) {
            List<SealTask.Sealed> sealed = context.parallelize(work, work.size())
                    .map(new SealTask(configuration, location, folder, compression, packing.segmentBytes()))
                    .collect();
            stage.advance(bytes);
            return sealed;
        }
    }

    /** Tasks of about a segment's size; what many owners have little of goes together. */
    private List<SealTask.Work> work(Scan scan, SortedMap<KeyOwner, PackingPlan> plans, long bytesOfATask) {
        List<SealTask.Work> work = new ArrayList<>();
        List<SealTask.OwnersPart> parts = new ArrayList<>();
        long bytes = 0;
        for (Map.Entry<KeyOwner, PackingPlan> planned : plans.entrySet()) {
            KeyOwner owner = planned.getKey();
            Map<String, SourceEntry> sources = scan.entries().get(owner).stream()
                    .collect(Collectors.toMap(read -> read.entry().path(), Scan.Read::source));
            for (SegmentPlan plan : planned.getValue().tasks()) {
                SealTask.OwnersPart part = new SealTask.OwnersPart(
                        owner.name(),
                        plan,
                        plan.entries().stream()
                                .map(entry -> sources.get(entry.entry().path()))
                                .toList(),
                        plan.segments().stream()
                                .map(segment -> keys.make(owner, segment.name()))
                                .toList());
                if (bytes > 0 && bytes + part.bytes() > bytesOfATask) {
                    work.add(new SealTask.Work(parts));
                    parts.clear();
                    bytes = 0;
                }
                parts.add(part);
                bytes += part.bytes();
            }
        }
        if (!parts.isEmpty()) {
            work.add(new SealTask.Work(parts));
        }
        return work;
    }

    /** One pack with a list for each owner. */
    private void writeIndexes(
            PackageFolder folder,
            SortedMap<KeyOwner, PackingPlan> plans,
            List<Pack> packs,
            List<SegmentRecord> segments)
            throws IOException {
        Compression compression = new Compression(INDEX_LEVEL, config.windowLog(), 0);
        String path = PackageWriter.packPath(folder.id() + "-index");
        FSDataOutputStream file = store.create(folder.file(path));
        DigestOutputStream pack = new DigestOutputStream(file, Sha256.digest());
        long offset = 0;
        try (file) {
            for (Map.Entry<KeyOwner, PackingPlan> planned : plans.entrySet()) {
                String name = folder.id() + "-index-" + planned.getKey();
                SegmentKeys.New key = keys.make(planned.getKey(), name);
                SegmentWriter.Written written;
                try (SegmentWriter segment = new SegmentWriter(pack, name, key.key(), compression)) {
                    PackageIndex.write(planned.getValue().entries(), segment.asStream());
                    written = segment.finish();
                }
                segments.add(new SegmentRecord(
                        name,
                        SegmentRecord.Kind.INDEX,
                        planned.getKey().name(),
                        key.ownerKey(),
                        key.wrapped(),
                        path,
                        offset,
                        written.bytes(),
                        written.sha256(),
                        written.rawBytes(),
                        ""));
                offset += written.bytes();
            }
            PackageStore.close(file);
        }
        packs.add(new Pack(
                path, offset, HexFormat.of().formatHex(pack.getMessageDigest().digest())));
    }

    private void verify(PackageFolder folder, Progress progress) throws IOException {
        try (Progress.Stage stage = progress.begin("reading back", 1, "package")) {
            List<Damage> damages = new PackageCheck(store, folder).unfinishedContents(keys);
            if (!damages.isEmpty()) {
                throw LakeException.gate(
                        "the package " + folder + " was not written as it was to be",
                        damages.get(0).toString(),
                        "examine the disk or the store; the package does not count, and the next run makes it again");
            }
            stage.advance(1);
        }
    }
}
