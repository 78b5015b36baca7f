package io.datapunk.tiering.apply;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.delta.FileTags;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.Verification;
import io.datapunk.lake.model.table.TableShape;
import io.datapunk.tiering.plan.HotCopy;
import io.datapunk.tiering.plan.LakeView;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;

/**
 * A lake that keeps the contracts of the ports in memory: copies that nobody sees until they are committed, commits that
 * refuse files that are gone, leaves that nobody sees until they are served. It survives a run, as a real one survives a
 * process.
 */
public final class InMemoryLake implements LakeView, FileMover, HotMover {
    /** Every file ever written and its rows: files are immutable. */
    private final Map<String, List<String>> contents = new HashMap<>();

    private final Map<PartitionName, List<DataFile>> live = new TreeMap<>();
    private final Map<DatasetName, Long> versions = new TreeMap<>();
    private final Map<PartitionName, Leaf> serving = new TreeMap<>();
    private final Map<String, Leaf> hidden = new TreeMap<>();
    private int names;

    final List<AuditEvent> audit = new ArrayList<>();
    final List<String> journal = new ArrayList<>();
    final List<List<String>> batches = new ArrayList<>();
    final List<List<String>> commits = new ArrayList<>();
    final Set<PartitionName> failing = new ConcurrentSkipListSet<>();
    final Set<PartitionName> unreadable = new TreeSet<>();
    final Set<PartitionName> corrupting = new TreeSet<>();
    final Set<PartitionName> rewrittenDuringCopy = new TreeSet<>();
    private boolean postgresRuns = true;

    private record Leaf(PartitionName partition, String fileSetHash, List<String> rows, Optional<Instant> retiredAt) {}

    private record MemoryCopy(
            PartitionName partition, List<DataFile> retired, List<DataFile> written, boolean[] verified)
            implements FileMover.Copy {}

    private record MemoryLoad(PartitionName partition, String leaf, List<String> source, boolean[] verified)
            implements HotMover.Load {}

    /** Nobody writes in it but the lake. */
    @Override
    public void catchUp(Instant now) {}

    public synchronized void stopPostgres() {
        postgresRuns = false;
    }

    /** Adds a file with these rows to a partition. */
    public synchronized void write(String partition, Tier tier, Instant writtenAt, int megabytes, String... rows) {
        PartitionName name = PartitionName.parse(partition);
        live.computeIfAbsent(name, any -> new ArrayList<>())
                .add(file(name, tier, List.of(rows), writtenAt, megabytes * (1L << 20), Map.of()));
        versions.merge(name.dataset(), 1L, Long::sum);
    }

    synchronized void rewrite(PartitionName name) {
        DataFile old = live.get(name).remove(0);
        live.get(name)
                .add(file(
                        name,
                        old.isCold() ? Tier.COLD : Tier.WARM,
                        contents.get(old.path()),
                        Instant.ofEpochMilli(old.modificationTime()),
                        old.bytes(),
                        Map.of()));
        versions.merge(name.dataset(), 1L, Long::sum);
    }

    private DataFile file(
            PartitionName name, Tier tier, List<String> rows, Instant at, long bytes, Map<String, String> tags) {
        String path = (tier == Tier.COLD ? "cold/" : "") + name.value().orElseThrow() + "/" + names++;
        contents.put(path, rows);
        return new DataFile(path, bytes, at.toEpochMilli(), rows.size(), tags, "");
    }

    /** What a reader can tell: tier and rows of each partition, and what PostgreSQL answers. */
    synchronized List<String> describe() {
        List<String> lines = new ArrayList<>();
        live.forEach((name, files) -> {
            PartitionFiles partition = files(name);
            Leaf leaf = serving.get(name);
            lines.add("%s %s %s%s"
                    .formatted(
                            name,
                            partition.tier(),
                            rows(files),
                            leaf == null
                                    ? ""
                                    : " served " + leaf.rows() + (isCurrent(leaf, partition) ? "" : " stale")));
        });
        return lines;
    }

    synchronized int hiddenLeaves() {
        return hidden.size();
    }

    private static boolean isCurrent(Leaf leaf, PartitionFiles partition) {
        return leaf.fileSetHash().equals(partition.fileSetHash());
    }

    private List<String> rows(List<DataFile> files) {
        return files.stream()
                .flatMap(file -> contents.get(file.path()).stream())
                .sorted()
                .toList();
    }

    private PartitionFiles files(PartitionName name) {
        return new PartitionFiles(name, versions.get(name.dataset()), live.get(name));
    }

    @Override
    public synchronized Optional<TableSnapshot> snapshot(DatasetName dataset) {
        return Optional.ofNullable(versions.get(dataset))
                .map(version -> new TableSnapshot(
                        dataset,
                        version,
                        Instant.EPOCH,
                        new TableShape(dataset, List.of(), List.of()),
                        live.keySet().stream()
                                .filter(name -> name.dataset().equals(dataset))
                                .map(this::files)
                                .toList()));
    }

    @Override
    public Optional<String> hotObstacle(TableShape table, PartitionFiles files) {
        return Optional.empty();
    }

    @Override
    public synchronized Optional<Map<PartitionName, HotCopy>> served() {
        if (!postgresRuns) {
            return Optional.empty();
        }
        Map<PartitionName, HotCopy> copies = new TreeMap<>();
        serving.forEach((name, leaf) -> copies.put(
                name,
                new HotCopy(leaf.fileSetHash(), leaf.rows().size(), leaf.rows().size())));
        return Optional.of(copies);
    }

    @Override
    public synchronized List<Copy> copy(List<PartitionFiles> sources, Tier target) {
        batches.add(names(sources.stream().map(PartitionFiles::partition)));
        return sources.stream().map(source -> copy(source, target)).toList();
    }

    private Copy copy(PartitionFiles source, Tier target) {
        if (failing.contains(source.partition())) {
            throw LakeException.failed("the disk is full", "no byte is left", "make room");
        }
        List<DataFile> retired = source.files().stream()
                .filter(file -> file.isCold() != (target == Tier.COLD))
                .toList();
        List<DataFile> written = retired.stream()
                .map(file -> file(
                        source.partition(),
                        target,
                        corrupting.contains(source.partition()) ? List.of() : contents.get(file.path()),
                        Instant.EPOCH,
                        file.bytes(),
                        Map.of(FileTags.WRITTEN_AT, FileTags.writtenAt(file).toString())))
                .toList();
        if (rewrittenDuringCopy.remove(source.partition())) {
            rewrite(source.partition());
        }
        return new MemoryCopy(source.partition(), retired, written, new boolean[1]);
    }

    @Override
    public synchronized List<Verification> verify(List<Copy> copies) {
        return copies.stream().map(this::verify).toList();
    }

    private Verification verify(Copy copy) {
        if (unreadable.contains(copy.partition())) {
            throw LakeException.failed("a copy cannot be read", "the disk is broken", "replace it");
        }
        MemoryCopy made = (MemoryCopy) copy;
        Verification verification = new Verification(checksum(rows(made.retired())), checksum(rows(made.written())));
        made.verified()[0] = verification.matches();
        return verification;
    }

    private static List<String> names(Stream<PartitionName> partitions) {
        return partitions.map(PartitionName::toString).sorted().toList();
    }

    @Override
    public synchronized long commit(List<Copy> copies, Instant now) {
        for (Copy copy : copies) {
            if (!((MemoryCopy) copy).verified()[0]) {
                throw new IllegalStateException("not verified: " + copy.partition());
            }
        }
        if (!drifted(copies).isEmpty()) {
            throw LakeException.failed("files are gone", "somebody rewrote them", "make a new plan");
        }
        for (Copy copy : copies) {
            MemoryCopy made = (MemoryCopy) copy;
            List<DataFile> files = live.get(copy.partition());
            files.removeAll(made.retired());
            for (DataFile file : made.written()) {
                Map<String, String> tags = new HashMap<>(file.tags());
                tags.put(FileTags.MOVED_AT, now.toString());
                files.add(new DataFile(
                        file.path(), file.bytes(), now.toEpochMilli(), file.rows(), tags, file.deletionVector()));
            }
        }
        commits.add(names(copies.stream().map(Copy::partition)));
        return versions.merge(copies.get(0).partition().dataset(), 1L, Long::sum);
    }

    @Override
    public synchronized List<Copy> drifted(List<Copy> copies) {
        return copies.stream()
                .filter(copy -> !live.get(copy.partition()).containsAll(((MemoryCopy) copy).retired()))
                .toList();
    }

    @Override
    public synchronized RowChecksum checksum(PartitionFiles files) {
        return checksum(rows(files.files()));
    }

    @Override
    public synchronized void discard(Copy copy) {
        ((MemoryCopy) copy).written().forEach(file -> contents.remove(file.path()));
    }

    @Override
    public synchronized Load load(PartitionFiles source) {
        if (failing.contains(source.partition())) {
            throw new IllegalStateException("the connection broke");
        }
        String name = "leaf_" + names++;
        List<String> rows = rows(source.files());
        List<String> loaded = corrupting.contains(source.partition()) ? List.of() : rows;
        hidden.put(name, new Leaf(source.partition(), source.fileSetHash(), loaded, Optional.of(Instant.EPOCH)));
        return new MemoryLoad(source.partition(), name, rows, new boolean[1]);
    }

    @Override
    public synchronized Verification verify(Load load) {
        MemoryLoad made = (MemoryLoad) load;
        Verification verification = new Verification(
                checksum(made.source()), checksum(hidden.get(made.leaf()).rows()));
        made.verified()[0] = verification.matches();
        return verification;
    }

    @Override
    public synchronized void serve(Load load, Instant now) {
        MemoryLoad made = (MemoryLoad) load;
        if (!made.verified()[0]) {
            throw new IllegalStateException("not verified: " + load.partition());
        }
        unserve(load.partition(), now);
        serving.put(load.partition(), hidden.remove(made.leaf()));
    }

    @Override
    public synchronized void unserve(PartitionName partition, Instant now) {
        Leaf leaf = serving.remove(partition);
        if (leaf != null) {
            hidden.put(
                    "leaf_" + names++, new Leaf(leaf.partition(), leaf.fileSetHash(), leaf.rows(), Optional.of(now)));
        }
    }

    @Override
    public synchronized void reclaim(Instant now, Duration grace, BeforeDrop beforeDrop) {
        List<String> due = hidden.entrySet().stream()
                .filter(leaf -> !leaf.getValue().retiredAt().orElseThrow().isAfter(now.minus(grace)))
                .map(Map.Entry::getKey)
                .toList();
        due.forEach(leaf -> {
            beforeDrop.dropping(leaf);
            hidden.remove(leaf);
        });
    }

    public synchronized void serve(String partition) {
        PartitionName name = PartitionName.parse(partition);
        serving.put(name, new Leaf(name, files(name).fileSetHash(), rows(live.get(name)), Optional.empty()));
    }

    synchronized void appendAudit(AuditEvent event) {
        audit.add(event);
    }

    private static RowChecksum checksum(List<String> rows) {
        return rows.stream()
                .map(row -> new RowChecksum(1, 0, row.hashCode()))
                .reduce(RowChecksum.ZERO, RowChecksum::plus);
    }
}
