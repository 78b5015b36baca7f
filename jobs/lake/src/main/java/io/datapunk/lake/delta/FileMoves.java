package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.TieringConfig;
import io.datapunk.lake.delta.RowRewriter.RewriteSizes;
import io.datapunk.lake.delta.RowRewriter.WrittenFile;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.Verification;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import java.io.IOException;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.Function;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.catalog.ExternalCatalogUtils;
import org.apache.spark.sql.delta.DeltaColumnMapping;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.RowTracking;
import org.apache.spark.sql.delta.RowTracking$;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.util.SerializableConfiguration;
import scala.Option;

/**
 * Moves partitions between warm and cold files: copy, verify, commit. A copy is not seen by anyone until one Delta
 * commit puts it in the place of its source, whose files stay for the table's retention. A job that dies before the
 * commit leaves files that nothing refers to, under names that no other attempt uses; {@code VACUUM} removes them.
 *
 * <p>May be used by several threads.
 */
public final class FileMoves {
    /** Smaller files are merged where there are several: opening a file costs about as much as reading this. */
    private static final long SMALL_FILE_BYTES = 32L << 20;

    /** Spark's own limit of a dictionary page. */
    private static final long WARM_DICTIONARY_BYTES = 1L << 20;

    private static final int COMMIT_ATTEMPTS = 10;

    private final SparkSession spark;
    private final LakeHome home;
    private final TieringConfig config;
    private final Set<StagedMove> verified = ConcurrentHashMap.newKeySet();

    public FileMoves(SparkSession spark, LakeHome home, TieringConfig config) {
        this.spark = spark;
        this.home = home;
        this.config = config;
        // As in DeltaAppend: rewritten rows need bounds of their instants.
        spark.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
    }

    /**
     * Writes a partition's files into another tier; files that lie there already stay.
     *
     * @param target {@link Tier#COLD} or {@link Tier#WARM}
     * @throws LakeException (failed) where the partition's files are not the live ones any more, where all of them lie
     *     in the target tier, or where rows of a row-tracked table would have to be rewritten
     */
    public StagedMove copy(PartitionFiles source, Tier target) {
        return copy(List.of(source), target).get(0);
    }

    /** As {@link #copy(PartitionFiles, Tier)} for several partitions of one dataset, their files as parallel tasks. */
    public List<StagedMove> copy(List<PartitionFiles> sources, Tier target) {
        if (target == Tier.HOT) {
            throw new IllegalArgumentException("files are warm or cold; hot is PostgreSQL");
        }
        DatasetName dataset = oneDataset(
                sources.stream().map(source -> source.partition().dataset()).toList());
        return InternalJobs.call(spark, () -> {
            DeltaLog log = DeltaLog.forTable(spark, home.tablePath(dataset));
            Snapshot snapshot = newest(log);
            String partitions = sources.stream()
                    .map(source -> source.partition().toString())
                    .collect(Collectors.joining(", "));
            return explained(partitions + " cannot be copied", () -> new Copying(log, snapshot, target).copy(sources));
        });
    }

    /**
     * Reads the source and what was written, each from where it lies, and compares every column of every row. A move
     * whose copy matches may be committed.
     */
    public Verification verify(StagedMove move) {
        return InternalJobs.call(spark, () -> {
            DeltaLog log =
                    DeltaLog.forTable(spark, home.tablePath(move.partition().dataset()));
            Snapshot snapshot = newest(log);
            Verification verification = explained(
                    "the copy of " + move.partition() + " cannot be verified",
                    () -> new Verification(
                            DeltaChecksum.of(RowRewriter.read(log, snapshot, move.retired())),
                            DeltaChecksum.of(RowRewriter.read(log, snapshot, move.written()))));
            if (verification.matches()) {
                verified.add(move);
            }
            return verification;
        });
    }

    /**
     * Switches the partitions of one dataset over to their copies, in one commit. Rows that were appended meanwhile
     * stay where they were written.
     *
     * @param now what the files note as the time of their move
     * @return the version that shows the copies
     * @throws LakeException (failed) where a source file is not live any more; nothing is switched then
     * @throws IllegalStateException where a move was not verified by this object
     */
    public long commit(List<StagedMove> moves, Instant now) {
        for (StagedMove move : moves) {
            if (!verified.contains(move)) {
                throw new IllegalStateException("not verified: " + move);
            }
        }
        DatasetName dataset = oneDataset(
                moves.stream().map(move -> move.partition().dataset()).toList());
        long version = InternalJobs.call(spark, () -> commitTo(dataset, moves, now));
        moves.forEach(verified::remove);
        return version;
    }

    /** Those of the moves whose source files are not all live any more: a commit would refuse them. */
    public List<StagedMove> drifted(List<StagedMove> moves) {
        return InternalJobs.call(spark, () -> moves.stream()
                .filter(move -> {
                    DeltaLog log = DeltaLog.forTable(
                            spark, home.tablePath(move.partition().dataset()));
                    return !LiveFiles.allLive(move.retired(), LiveFiles.of(newest(log), move.partition()));
                })
                .toList());
    }

    /** Deletes what a move wrote that will not be committed. */
    public void discard(StagedMove move) {
        verified.remove(move);
        DeltaLog log = DeltaLog.forTable(spark, home.tablePath(move.partition().dataset()));
        Map<String, AddFile> live = LiveFiles.of(newest(log), move.partition());
        if (move.paths().stream().anyMatch(live::containsKey)) {
            throw new IllegalStateException("committed already: " + move);
        }
        try {
            for (AddFile file : move.written()) {
                Path path = absolute(log, file.path());
                FileSystem store = path.getFileSystem(log.newDeltaHadoopConf());
                store.delete(path, false);
            }
        } catch (IOException e) {
            throw LakeException.failed(
                    "the unfinished copy of " + move.partition() + " cannot be deleted",
                    String.valueOf(e.getMessage()),
                    "leave it: no table refers to it, and VACUUM removes it",
                    e);
        }
    }

    private long commitTo(DatasetName dataset, List<StagedMove> moves, Instant now) {
        DeltaLog log = DeltaLog.forTable(spark, home.tablePath(dataset));
        for (int attempt = 1; ; attempt++) {
            OptimisticTransaction transaction = log.startTransaction();
            List<Action> actions = actions(transaction, moves, now);
            try {
                return transaction.commit(
                        DeltaActions.immutable(actions),
                        DeltaActions.move(),
                        RowTracking$.MODULE$.addPreservedRowTrackingTagIfNotSet(
                                transaction.snapshot(), DeltaActions.immutable(Map.of())));
            } catch (ConcurrentModificationException another) {
                // The next attempt sees the other commit, and refuses where that one took a source file away.
                if (attempt == COMMIT_ATTEMPTS) {
                    throw LakeException.failed(
                            "moves in " + dataset + " could not be committed",
                            COMMIT_ATTEMPTS + " attempts met another writer each time",
                            "run `lake tier apply` again when the other job has ended",
                            another);
                }
            }
        }
    }

    private static List<Action> actions(OptimisticTransaction transaction, List<StagedMove> moves, Instant now) {
        List<Action> actions = new ArrayList<>();
        List<AddFile> read = new ArrayList<>();
        List<String> changed = new ArrayList<>();
        for (StagedMove move : moves) {
            Map<String, AddFile> live = LiveFiles.of(transaction.snapshot(), move.partition());
            if (!LiveFiles.allLive(move.retired(), live)) {
                changed.add(move.partition().toString());
            }
            move.retired().forEach(file -> actions.add(file.removeWithTimestamp(System.currentTimeMillis(), false)));
            move.written().forEach(file -> actions.add(DeltaActions.tagged(file, FileTags.MOVED_AT, now.toString())));
            read.addAll(move.retired());
        }
        if (!changed.isEmpty()) {
            throw drift(String.join(", ", changed));
        }
        transaction.trackFilesRead(DeltaActions.immutable(read));
        return actions;
    }

    private static LakeException drift(String partitions) {
        return LakeException.failed(
                partitions + " cannot be moved",
                "files of it were rewritten or removed since it was read",
                "make a new plan with `lake tier plan`; the copy that was made is not used");
    }

    /** Puts what Spark throws, tasks' failures among it, into words. */
    private static <T> T explained(String problem, Supplier<T> work) {
        try {
            return work.get();
        } catch (LakeException e) {
            throw e;
        } catch (Exception e) {
            Throwable root = e;
            while (root.getCause() != null) {
                root = root.getCause();
            }
            throw LakeException.failed(
                    problem,
                    String.valueOf(root.getMessage()),
                    "nothing was switched; check the table's files with `lake doctor` and try again",
                    e);
        }
    }

    private static Snapshot newest(DeltaLog log) {
        return log.update(false, Option.empty(), Option.empty());
    }

    private static Path absolute(DeltaLog log, String encodedPath) {
        Path path = new Path(java.net.URI.create(encodedPath));
        return path.isAbsolute() ? path : new Path(log.dataPath(), path);
    }

    private static DatasetName oneDataset(List<DatasetName> datasets) {
        Set<DatasetName> different = new TreeSet<>(datasets);
        if (different.size() != 1) {
            throw new IllegalArgumentException("a commit belongs to one dataset: " + different);
        }
        return different.iterator().next();
    }

    /** One file to be written anew page by page, as a task. */
    private record Transcoding(int move, String encodedSource, String absoluteSource, String prefix)
            implements Serializable {}

    /** What became of it. */
    private record Transcoded(Transcoding task, WrittenFile file, long rows) implements Serializable {}

    /** The tasks' code. */
    private record Transcode(Broadcast<SerializableConfiguration> configuration, FileCodec codec, String root)
            implements Function<Transcoding, Transcoded> {
        @Override
        public Transcoded call(Transcoding task) throws IOException {
            String path = task.prefix() + "-" + TaskContext.get().taskAttemptId() + ".parquet";
            Path target = new Path(root, new Path(null, null, path));
            long rows = new PageTranscoder(configuration.value().value(), codec)
                    .transcode(new Path(task.absoluteSource()), target);
            FileStatus status =
                    target.getFileSystem(configuration.value().value()).getFileStatus(target);
            return new Transcoded(task, new WrittenFile(path, status.getLen(), status.getModificationTime()), rows);
        }
    }

    /** One attempt at copying partitions of one table. */
    private final class Copying {
        private final DeltaLog log;
        private final Snapshot snapshot;
        private final Tier target;
        private final FileCodec codec;
        private final RowRewriter rewriter;
        private final boolean rowTracked;
        private final String attempt = UUID.randomUUID().toString();

        private Copying(DeltaLog log, Snapshot snapshot, Tier target) {
            this.log = log;
            this.snapshot = snapshot;
            this.target = target;
            this.codec = target == Tier.COLD ? FileCodec.cold(config.cold().level()) : FileCodec.warm();
            this.rewriter = new RowRewriter(
                    spark,
                    log,
                    snapshot,
                    codec,
                    new RewriteSizes(
                            config.cold().fileBytes(),
                            config.warm().rowGroupBytes(),
                            target == Tier.COLD ? config.cold().dictionaryBytes() : WARM_DICTIONARY_BYTES));
            this.rowTracked = RowTracking.isEnabled(snapshot.protocol(), snapshot.metadata());
        }

        private List<StagedMove> copy(List<PartitionFiles> sources) {
            List<Transcoding> tasks = new ArrayList<>();
            List<List<AddFile>> retired = new ArrayList<>();
            List<List<AddFile>> byRow = new ArrayList<>();
            for (int move = 0; move < sources.size(); move++) {
                PartitionFiles source = sources.get(move);
                List<AddFile> moving = moving(source);
                List<AddFile> rewriting = rewriting(source.partition(), moving);
                for (AddFile file : moving) {
                    if (!rewriting.contains(file)) {
                        tasks.add(new Transcoding(
                                move,
                                file.path(),
                                absolute(log, file.path()).toString(),
                                folder(source.partition()) + name() + "-pages-" + tasks.size()));
                    }
                }
                retired.add(moving);
                byRow.add(rewriting);
            }
            List<List<AddFile>> written = new ArrayList<>();
            sources.forEach(source -> written.add(new ArrayList<>()));
            for (Transcoded done : transcode(tasks)) {
                AddFile source = retired.get(done.task().move()).stream()
                        .filter(file -> file.path().equals(done.task().encodedSource()))
                        .findFirst()
                        .orElseThrow();
                written.get(done.task().move()).add(replacing(source, done.file()));
            }
            List<StagedMove> moves = new ArrayList<>();
            for (int move = 0; move < sources.size(); move++) {
                PartitionName partition = sources.get(move).partition();
                if (!byRow.get(move).isEmpty()) {
                    written.get(move).addAll(rewritten(partition, byRow.get(move)));
                }
                moves.add(new StagedMove(partition, target, retired.get(move), written.get(move)));
            }
            return moves;
        }

        /** The files that do not lie in the target tier yet. */
        private List<AddFile> moving(PartitionFiles source) {
            Map<String, AddFile> live = LiveFiles.of(snapshot, source.partition());
            List<AddFile> moving = new ArrayList<>();
            for (DataFile file : source.files()) {
                AddFile action = live.get(file.path());
                if (!LiveFiles.isSame(file, action)) {
                    throw drift(source.partition().toString());
                }
                if (file.isCold() != (target == Tier.COLD)) {
                    moving.add(action);
                }
            }
            if (moving.isEmpty()) {
                throw LakeException.failed(
                        source.partition() + " cannot be moved to " + target,
                        "all of its " + source.files().size() + " files lie there already",
                        "make a new plan with `lake tier plan`");
            }
            return moving;
        }

        /** Those whose pages cannot be carried over one file to one. */
        private List<AddFile> rewriting(PartitionName partition, List<AddFile> moving) {
            List<AddFile> masked = moving.stream().filter(LiveFiles::isMasked).toList();
            if (rowTracked) {
                if (!masked.isEmpty()) {
                    throw LakeException.failed(
                            partition + " cannot be moved to " + target,
                            "rows of it are masked by deletion vectors, and writing a row-tracked table's rows anew"
                                    + " would change their ids",
                            "purge the deletion vectors with REORG TABLE … APPLY (PURGE) first");
                }
                return List.of();
            }
            List<AddFile> small = moving.stream()
                    .filter(file -> file.size() < SMALL_FILE_BYTES)
                    .toList();
            if (small.size() < 2) {
                requireNoColumnMapping(partition, masked);
                return masked;
            }
            List<AddFile> rewriting = moving.stream()
                    .filter(file -> LiveFiles.isMasked(file) || file.size() < SMALL_FILE_BYTES)
                    .toList();
            if (isColumnMapped()) {
                requireNoColumnMapping(partition, masked);
                return List.of();
            }
            return rewriting;
        }

        private boolean isColumnMapped() {
            return !snapshot.columnMappingMode().name().equals("none");
        }

        private void requireNoColumnMapping(PartitionName partition, List<AddFile> masked) {
            if (!masked.isEmpty() && isColumnMapped()) {
                throw LakeException.failed(
                        partition + " cannot be moved to " + target,
                        "rows of it are masked by deletion vectors, and rows of a table with column mapping are not"
                                + " written anew",
                        "purge the deletion vectors with REORG TABLE … APPLY (PURGE) first");
            }
        }

        private List<Transcoded> transcode(List<Transcoding> tasks) {
            if (tasks.isEmpty()) {
                return List.of();
            }
            Transcode code = new Transcode(
                    SerializableConfiguration.broadcast(spark.sparkContext(), log.newDeltaHadoopConf()),
                    codec,
                    log.dataPath().toString());
            JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
            return context.parallelize(tasks, tasks.size()).map(code).collect();
        }

        private AddFile replacing(AddFile source, WrittenFile file) {
            AddFile added = DeltaActions.replacing(
                    source,
                    DeltaActions.encoded(file.path()),
                    file.bytes(),
                    file.modificationTime(),
                    tags(List.of(source)));
            boolean bare = source.stats() == null || source.stats().isEmpty();
            return bare ? DeltaActions.withStatistics(added, rewriter.statistics(added)) : added;
        }

        private List<AddFile> rewritten(PartitionName partition, List<AddFile> sources) {
            List<String> sortedBy = LakeTables.find(partition.dataset())
                    .map(TableDefinition::sortedBy)
                    .orElse(List.of());
            List<AddFile> files = new ArrayList<>();
            for (WrittenFile file : rewriter.rewrite(sources, folder(partition), name(), sortedBy)) {
                AddFile bare = DeltaActions.rewritten(
                        sources.get(0),
                        DeltaActions.encoded(file.path()),
                        file.bytes(),
                        file.modificationTime(),
                        tags(sources));
                files.add(DeltaActions.withStatistics(bare, rewriter.statistics(bare)));
            }
            return files;
        }

        private Map<String, String> tags(List<AddFile> sources) {
            Map<String, String> tags = new LinkedHashMap<>();
            if (sources.size() == 1) {
                tags.putAll(DeltaActions.tags(sources.get(0)));
            }
            tags.put(
                    FileTags.WRITTEN_AT,
                    sources.stream()
                            .map(file -> DeltaActions.tags(file)
                                    .getOrDefault(
                                            FileTags.WRITTEN_AT,
                                            Instant.ofEpochMilli(file.modificationTime())
                                                    .toString()))
                            .map(Instant::parse)
                            .max(Instant::compareTo)
                            .orElseThrow()
                            .toString());
            tags.put(FileTags.CODEC, codec.toString());
            return tags;
        }

        /** The first part of the names of this attempt's files. */
        private String name() {
            return target == Tier.COLD ? attempt : "part-" + attempt;
        }

        private String folder(PartitionName partition) {
            String folder =
                    partition.value().map(value -> partitionFolder(value) + "/").orElse("");
            return target == Tier.COLD ? FileTier.COLD_FOLDER + folder : folder;
        }

        private String partitionFolder(PartitionValue value) {
            String physical =
                    DeltaColumnMapping.getPhysicalName(snapshot.schema().apply(value.column()));
            return ExternalCatalogUtils.getPartitionPathString(physical, value.value());
        }
    }
}
