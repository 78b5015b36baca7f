package io.datapunk.archive.backup.restore;

import io.datapunk.archive.backup.point.StoredDataFile;
import io.datapunk.archive.backup.point.StoredTable;
import io.datapunk.archive.backup.repository.BackupRepository;
import io.datapunk.archive.backup.repository.Replacement;
import io.datapunk.archive.backup.repository.Workers;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.FileReplacements;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Writes a table as it was, data before its log: until all of it is there, there is no table. */
final class TableRestore {
    private final BackupRepository repository;
    private final Workers workers;
    private final Progress.Stage progress;
    private final LakeHome home;
    private final Configuration stores;
    private final Optional<PartitionName> partition;

    /** @param partition the only one whose rows are wanted */
    TableRestore(
            BackupRepository repository,
            Workers workers,
            Progress.Stage progress,
            LakeHome home,
            Configuration stores,
            Optional<PartitionName> partition) {
        this.repository = repository;
        this.workers = workers;
        this.progress = progress;
        this.home = home;
        this.stores = stores;
        this.partition = partition;
    }

    void write(StoredTable table) throws IOException {
        Path root = new Path(home.tablePath(table.name()));
        FileRestore files = new FileRestore(repository, workers, progress, root.getFileSystem(stores), root);
        List<FileRestore.Whole> data = new ArrayList<>();
        for (StoredDataFile file : table.data()) {
            if (isWanted(file)) {
                repository
                        .resolve(file.object())
                        .ifPresent(
                                object -> data.add(new FileRestore.Whole(path(file, object), object, file.modified())));
            }
        }
        files.whole(data);
        files.files(table.log());
    }

    /**
     * Compares a table with what was recorded, and takes out of it what was erased since, or is not wanted.
     *
     * @return its rows
     * @throws LakeException (gate) where it differs
     */
    RowChecksum finish(SparkSession spark, StoredTable table) {
        DatasetName dataset = table.name();
        long version = new TableLog(home, stores)
                .snapshot(dataset)
                .orElseThrow(() -> differs(table, "there is no table"))
                .version();
        Map<String, Optional<String>> changes = changes(table);
        // One more where a run was killed after it had taken them out.
        if (version != table.version() && (changes.isEmpty() || version != table.version() + 1)) {
            throw differs(table, "it is at version " + version + " instead of " + table.version());
        }
        if (!changes.isEmpty() && version == table.version()) {
            FileReplacements.commit(spark, home, dataset, changes);
        }
        RowChecksum found = DeltaChecksum.of(spark.read().format("delta").load(home.tablePath(dataset)));
        Optional<RowChecksum> expected = expected(table);
        if (expected.isPresent() && !found.equals(expected.get())) {
            throw differs(table, "it has " + found + " instead of " + expected.get());
        }
        return found;
    }

    /** What the rows add up to; empty where a column has no canonical form. */
    Optional<RowChecksum> expected(StoredTable table) {
        RowChecksum sum = RowChecksum.ZERO;
        for (StoredDataFile file : table.data()) {
            if (isWanted(file)) {
                Optional<Replacement> replacement = repository.replacement(file.object());
                Optional<RowChecksum> rows =
                        replacement.isPresent() ? replacement.get().rowChecksum() : file.rowChecksum();
                if (rows.isEmpty()) {
                    return Optional.empty();
                }
                sum = sum.plus(rows.get());
            }
        }
        return Optional.of(sum);
    }

    private Map<String, Optional<String>> changes(StoredTable table) {
        Map<String, Optional<String>> changes = new TreeMap<>();
        for (StoredDataFile file : table.data()) {
            Optional<String> object = isWanted(file) ? repository.resolve(file.object()) : Optional.empty();
            if (!object.equals(Optional.of(file.object()))) {
                changes.put(file.path(), object.map(replacement -> path(file, replacement)));
            }
        }
        return changes;
    }

    /** What was replaced gets a name of its own: the log says another size of the old one. */
    private static String path(StoredDataFile file, String object) {
        return object.equals(file.object())
                ? file.path()
                : file.path().substring(0, file.path().lastIndexOf('/') + 1)
                        + "replaced-"
                        + object.substring(0, 32)
                        + ".parquet";
    }

    private boolean isWanted(StoredDataFile file) {
        return partition.isEmpty() || partition.get().toString().equals(file.partition());
    }

    private LakeException differs(StoredTable table, String how) {
        return LakeException.gate(
                "the restored table " + table.dataset() + " is not what was backed up",
                how,
                "run `lake backup verify`, and restore an older restore point with --point");
    }
}
