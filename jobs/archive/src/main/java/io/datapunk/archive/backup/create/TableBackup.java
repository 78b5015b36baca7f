package io.datapunk.archive.backup.create;

import io.datapunk.archive.backup.point.StoredDataFile;
import io.datapunk.archive.backup.point.StoredFile;
import io.datapunk.archive.backup.point.StoredTable;
import io.datapunk.archive.backup.repository.ObjectWriter;
import io.datapunk.archive.backup.repository.Workers;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.FileRowChecksums;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableParts;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.storage.RawFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.sql.SparkSession;

/** Stores tables: what of their logs is needed, and the live files, which never change and so are read once. */
final class TableBackup {
    private static final int ATTEMPTS = 5;

    private final SparkSession spark;
    private final LakeHome home;
    private final Configuration stores;
    private final ObjectWriter objects;
    private final Workers workers;
    private final boolean readAll;
    private final Map<String, Map<String, StoredDataFile>> known = new HashMap<>();

    /**
     * @param before the tables of the restore point before
     * @param readAll read also what was stored then
     */
    TableBackup(
            SparkSession spark,
            LakeHome home,
            Configuration stores,
            ObjectWriter objects,
            Workers workers,
            List<StoredTable> before,
            boolean readAll) {
        this.spark = spark;
        this.home = home;
        this.stores = stores;
        this.objects = objects;
        this.workers = workers;
        this.readAll = readAll;
        for (StoredTable table : before) {
            Map<String, StoredDataFile> files = new HashMap<>();
            table.data().forEach(file -> files.put(file.path(), file));
            known.put(table.dataset(), files);
        }
    }

    /**
     * Stores a table; at a newer version where files of this one are removed meanwhile.
     *
     * @throws LakeException where its files lie outside of it, or are not what its log says
     */
    StoredTable store(TableSnapshot wanted, Progress.Stage progress) throws IOException {
        TableSnapshot snapshot = wanted;
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(snapshot, progress);
            } catch (FileNotFoundException gone) {
                TableSnapshot newest =
                        new TableLog(home, stores).snapshot(snapshot.dataset()).orElseThrow(() -> gone);
                if (attempt == ATTEMPTS || newest.version() == snapshot.version()) {
                    throw LakeException.failed(
                            "table " + snapshot.dataset() + " cannot be backed up",
                            "a file of its version " + snapshot.version() + " is missing: " + gone.getMessage(),
                            "run `lake doctor`; restore the file from an older backup");
                }
                snapshot = newest;
            }
        }
    }

    private StoredTable attempt(TableSnapshot snapshot, Progress.Stage progress) throws IOException {
        DatasetName dataset = snapshot.dataset();
        Path root = new Path(home.tablePath(dataset));
        FileSystem store = RawFiles.of(root, stores);
        TableParts parts = new TableParts(home, stores);
        Set<String> log = new TreeSet<>();
        parts.log(dataset, snapshot.version()).forEach(part -> log.add(part.path()));
        List<Callable<StoredDataFile>> tasks = new ArrayList<>();
        Set<String> unread = new TreeSet<>();
        Map<String, StoredDataFile> before = known.getOrDefault(dataset.toString(), Map.of());
        for (PartitionFiles partition : snapshot.partitions()) {
            for (DataFile file : partition.files()) {
                requireInside(dataset, file);
                parts.deletionVector(dataset, file).ifPresent(part -> log.add(part.path()));
                if (!hasChecksum(before.get(file.path()), file)) {
                    unread.add(file.path());
                }
                tasks.add(() -> data(store, root, partition.partition().toString(), file, before, progress));
            }
        }
        List<StoredDataFile> data = checked(snapshot, workers.all(tasks), unread);
        List<StoredFile> stored =
                new FileBackup(objects, workers, progress).store(store, root, List.copyOf(log), Map.of());
        if (stored.size() < log.size()) {
            throw new FileNotFoundException("a file of " + root + "/_delta_log");
        }
        objects.flush();
        return new StoredTable(dataset.toString(), snapshot.version(), data, stored);
    }

    private StoredDataFile data(
            FileSystem store,
            Path root,
            String partition,
            DataFile file,
            Map<String, StoredDataFile> before,
            Progress.Stage progress)
            throws IOException {
        StoredDataFile same = before.get(file.path());
        String object;
        if (!readAll && isSame(same, file) && objects.keep(same.object())) {
            object = same.object();
        } else {
            Path path = new Path(root, new Path(null, null, file.path()));
            FileStatus status = store.getFileStatus(path);
            if (status.getLen() != file.bytes()) {
                throw LakeException.failed(
                        "the backup was not made",
                        path + " has " + status.getLen() + " bytes, and its table's log says " + file.bytes(),
                        "run `lake doctor`; restore the file from an older backup");
            }
            object = objects.storeCompressed(() -> store.open(path));
        }
        progress.advance(file.bytes());
        RowChecksum rows = hasChecksum(same, file) ? same.rowChecksum().orElseThrow() : RowChecksum.ZERO;
        return new StoredDataFile(
                file.path(),
                file.bytes(),
                file.modificationTime(),
                partition,
                object,
                rows.rows(),
                rows.hex(),
                file.deletionVector());
    }

    /** With the checksums of the files that no restore point has them of. */
    private List<StoredDataFile> checked(TableSnapshot snapshot, List<StoredDataFile> files, Set<String> unread) {
        if (unread.isEmpty()) {
            return files;
        }
        Optional<Map<String, RowChecksum>> sums = checksums(snapshot, unread);
        return files.stream()
                .map(file -> unread.contains(file.path()) ? with(file, sums.map(all -> all.get(file.path()))) : file)
                .toList();
    }

    private Optional<Map<String, RowChecksum>> checksums(TableSnapshot snapshot, Set<String> unread) {
        try {
            return Optional.of(
                    new TreeMap<>(FileRowChecksums.of(spark, home, snapshot.dataset(), snapshot.version(), unread)));
        } catch (LakeException noCanonicalForm) {
            return Optional.empty();
        }
    }

    private static StoredDataFile with(StoredDataFile file, Optional<RowChecksum> rows) {
        return new StoredDataFile(
                file.path(),
                file.bytes(),
                file.modified(),
                file.partition(),
                file.object(),
                rows.map(RowChecksum::rows).orElse(0L),
                rows.map(RowChecksum::hex).orElse(""),
                file.deletionVector());
    }

    private static boolean isSame(StoredDataFile before, DataFile file) {
        return before != null && before.bytes() == file.bytes() && before.modified() == file.modificationTime();
    }

    private boolean hasChecksum(StoredDataFile before, DataFile file) {
        return !readAll
                && isSame(before, file)
                && !before.checksum().isEmpty()
                && before.deletionVector().equals(file.deletionVector());
    }

    private void requireInside(DatasetName dataset, DataFile file) {
        if (file.path().startsWith("/")
                || file.path().contains("://")
                || file.path().startsWith("file:")) {
            throw LakeException.failed(
                    "table " + dataset + " cannot be backed up",
                    "its file " + file.path() + " lies outside of " + home.tablePath(dataset)
                            + ", as after a shallow clone",
                    "rewrite the table, as with a deep clone, so that its files are its own");
        }
    }
}
