package io.datapunk.lake.delta;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.OptimisticTransaction;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.functions;
import scala.Option;

/** Puts files with fewer rows into the place of a table's files, in one commit, for tables that were just restored. */
public final class FileReplacements {
    private FileReplacements() {}

    /**
     * Commits.
     *
     * @param replacements by the paths of live files, relative to the table's root and decoded; empty where no row is left
     * @return the version that shows the replacements
     * @throws LakeException where one of the files is not live, or masked by a deletion vector
     */
    public static long commit(
            SparkSession spark, LakeHome home, DatasetName dataset, Map<String, Optional<String>> replacements) {
        return InternalJobs.call(spark, () -> {
            DeltaLog log = DeltaLog.forTable(spark, home.tablePath(dataset));
            Snapshot snapshot = log.update(false, Option.empty(), Option.empty());
            OptimisticTransaction transaction = log.startTransaction();
            Map<String, AddFile> live = new TreeMap<>();
            snapshot.allFiles().collectAsList().forEach(file -> live.put(TableLog.decoded(file.path()), file));
            List<Action> actions = new ArrayList<>();
            replacements.forEach((path, replacement) -> {
                AddFile old = live.get(path);
                if (old == null || replacement.isPresent() && LiveFiles.isMasked(old)) {
                    throw LakeException.failed(
                            "the file " + path + " of " + dataset + " cannot be replaced",
                            old == null ? "it is not live" : "a deletion vector counts the rows of the one before",
                            "restore from a restore point that was made after the erasure");
                }
                actions.add(old.removeWithTimestamp(System.currentTimeMillis(), false));
                replacement.ifPresent(added -> actions.add(added(log, snapshot, old, added)));
            });
            return transaction.commit(DeltaActions.immutable(actions), DeltaActions.move());
        });
    }

    private static AddFile added(DeltaLog log, Snapshot snapshot, AddFile old, String path) {
        try {
            Path file = new Path(log.dataPath(), new Path(null, null, path));
            FileStatus status = file.getFileSystem(log.newDeltaHadoopConf()).getFileStatus(file);
            AddFile added = DeltaActions.rewritten(
                    old,
                    DeltaActions.encoded(path),
                    status.getLen(),
                    status.getModificationTime(),
                    DeltaActions.tags(old));
            return DeltaActions.withStatistics(
                    added,
                    RowRewriter.read(log, snapshot, List.of(added))
                            .agg(functions.to_json(snapshot.statsCollector()))
                            .head()
                            .getString(0));
        } catch (IOException e) {
            throw LakeException.failed(
                    "the file " + path + " cannot be put into its table",
                    String.valueOf(e.getMessage()),
                    "restore again",
                    e);
        }
    }
}
