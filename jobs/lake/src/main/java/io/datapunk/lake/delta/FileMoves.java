package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.TieringConfig;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.Verification;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.ConcurrentModificationException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.RowTracking$;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import scala.Option;

/**
 * Moves partitions between warm and cold files: copy, verify, commit. A copy is not seen by anyone until one Delta
 * commit puts it in the place of its source, whose files stay for the table's retention. A job that dies before the
 * commit leaves files that nothing refers to, under names that no other attempt uses; {@code VACUUM} removes them.
 *
 * <p>May be used by several threads.
 */
public final class FileMoves {
    private static final int COMMIT_ATTEMPTS = 10;

    private final SparkSession spark;
    private final LakeHome home;
    private final TieringConfig config;
    private final Keyring.BeforeMaking keys;
    private final Set<StagedMove> verified = ConcurrentHashMap.newKeySet();

    /** @param keys is told before a key is made for files that go cold encrypted */
    public FileMoves(SparkSession spark, LakeHome home, TieringConfig config, Keyring.BeforeMaking keys) {
        this.spark = spark;
        this.home = home;
        this.config = config;
        this.keys = keys;
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

    /**
     * As {@link #copy(PartitionFiles, Tier)} for several partitions of one dataset, their files as parallel tasks of one
     * job. Where one cannot be copied, none is.
     */
    public List<StagedMove> copy(List<PartitionFiles> sources, Tier target) {
        if (target == Tier.HOT) {
            throw new IllegalArgumentException("files are warm or cold; hot is PostgreSQL");
        }
        List<PartitionName> partitions =
                sources.stream().map(PartitionFiles::partition).toList();
        DatasetName dataset = oneDataset(partitions);
        return InternalJobs.call(spark, () -> {
            DeltaLog log = DeltaLog.forTable(spark, home.tablePath(dataset));
            Snapshot snapshot = newest(log);
            return explained(names(partitions) + " cannot be copied", () -> new PartitionCopy(
                            spark, config, log, snapshot, dataset, target, home.keysPath(), keys)
                    .copy(sources));
        });
    }

    /** How many files of a partition would be merged. */
    public static int small(PartitionFiles source) {
        return (int) source.files().stream()
                .filter(file -> !file.isCold() && PartitionCopy.isSmall(file))
                .count();
    }

    /** Whether rows of a partition lie in another order than the configuration asks for. */
    public static boolean isDisordered(PartitionFiles source, TieringConfig config) {
        RowOrder order = RowOrder.of(source.partition().dataset(), config);
        return source.files().stream().anyMatch(file -> !file.isCold() && !order.isKeptBy(file.tags()));
    }

    /**
     * Writes the warm files of partitions of one dataset that are small, or whose rows lie in another order than they should, as one
     * each, to be verified and committed as other moves are.
     *
     * @return empty where a table's rows cannot be written anew: where they are tracked, or its columns mapped
     * @throws LakeException (failed) where the partition's files are not the live ones any more
     */
    public List<StagedMove> merge(List<PartitionFiles> sources) {
        List<PartitionName> partitions =
                sources.stream().map(PartitionFiles::partition).toList();
        DatasetName dataset = oneDataset(partitions);
        return InternalJobs.call(spark, () -> {
            DeltaLog log = DeltaLog.forTable(spark, home.tablePath(dataset));
            Snapshot snapshot = newest(log);
            PartitionCopy copy =
                    new PartitionCopy(spark, config, log, snapshot, dataset, Tier.WARM, home.keysPath(), keys);
            return copy.canRewrite()
                    ? explained(
                            "the small files of " + names(partitions) + " cannot be merged", () -> copy.merge(sources))
                    : List.of();
        });
    }

    /**
     * Reads the source and what was written, each from where it lies, and compares every column of every row. A move
     * whose copy matches may be committed.
     */
    public Verification verify(StagedMove move) {
        return verify(List.of(move)).get(0);
    }

    /** As {@link #verify(StagedMove)} for several moves of one dataset: one job reads the sources, one the copies. */
    public List<Verification> verify(List<StagedMove> moves) {
        List<PartitionName> partitions = partitions(moves);
        DatasetName dataset = oneDataset(partitions);
        return InternalJobs.call(spark, () -> {
            DeltaLog log = DeltaLog.forTable(spark, home.tablePath(dataset));
            FileChecksums checksums = new FileChecksums(log, newest(log));
            return explained("the copy of " + names(partitions) + " cannot be verified", () -> {
                List<RowChecksum> expected = checksums.of(moves, StagedMove::retired);
                List<RowChecksum> found = checksums.of(moves, StagedMove::written);
                List<Verification> verifications = new ArrayList<>();
                for (int move = 0; move < moves.size(); move++) {
                    Verification verification = new Verification(expected.get(move), found.get(move));
                    if (verification.matches()) {
                        verified.add(moves.get(move));
                    }
                    verifications.add(verification);
                }
                return verifications;
            });
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
        DatasetName dataset = oneDataset(partitions(moves));
        long version = InternalJobs.call(spark, () -> commitTo(dataset, moves, now));
        moves.forEach(verified::remove);
        return version;
    }

    /** Those of the moves whose source files are not all live any more: a commit would refuse them. */
    public List<StagedMove> drifted(List<StagedMove> moves) {
        if (moves.isEmpty()) {
            return List.of();
        }
        List<PartitionName> partitions = partitions(moves);
        DatasetName dataset = oneDataset(partitions);
        return InternalJobs.call(spark, () -> {
            LiveFiles live = LiveFiles.of(newest(DeltaLog.forTable(spark, home.tablePath(dataset))), partitions);
            return moves.stream().filter(move -> !live.holdAllOf(move)).toList();
        });
    }

    /** Deletes what a move wrote that will not be committed. */
    public void discard(StagedMove move) {
        verified.remove(move);
        DeltaLog log = DeltaLog.forTable(spark, home.tablePath(move.partition().dataset()));
        Map<String, AddFile> live =
                LiveFiles.of(newest(log), List.of(move.partition())).of(move.partition());
        if (move.paths().stream().anyMatch(live::containsKey)) {
            throw new IllegalStateException("committed already: " + move);
        }
        try {
            for (AddFile file : move.written()) {
                Path path = DeltaActions.absolute(log, file);
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
        LiveFiles live = LiveFiles.of(transaction.snapshot(), partitions(moves));
        for (StagedMove move : moves) {
            if (!live.holdAllOf(move)) {
                changed.add(move.partition().toString());
            }
            move.retired().forEach(file -> actions.add(file.removeWithTimestamp(System.currentTimeMillis(), false)));
            move.written().forEach(file -> actions.add(DeltaActions.tagged(file, FileTags.MOVED_AT, now.toString())));
            read.addAll(move.retired());
        }
        if (!changed.isEmpty()) {
            throw LiveFiles.drift(String.join(", ", changed));
        }
        transaction.trackFilesRead(DeltaActions.immutable(read));
        return actions;
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

    private static List<PartitionName> partitions(List<StagedMove> moves) {
        return moves.stream().map(StagedMove::partition).toList();
    }

    private static String names(List<PartitionName> partitions) {
        return partitions.stream().map(PartitionName::toString).collect(Collectors.joining(", "));
    }

    private static DatasetName oneDataset(List<PartitionName> partitions) {
        if (Set.copyOf(partitions).size() != partitions.size()) {
            throw new IllegalArgumentException("a partition is named twice: " + partitions);
        }
        Set<DatasetName> different = new TreeSet<>();
        partitions.forEach(partition -> different.add(partition.dataset()));
        if (different.size() != 1) {
            throw new IllegalArgumentException("a commit belongs to one dataset: " + different);
        }
        return different.iterator().next();
    }
}
