package io.datapunk.lake.delta;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableShape;
import io.datapunk.lake.storage.Stores;
import io.delta.kernel.Snapshot;
import io.delta.kernel.SnapshotBuilder;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.TableNotFoundException;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * Reads tables' logs by Delta Kernel: no Spark class is loaded, so that commands which only ask about files answer at
 * once. What it says of a partition's tier is derived from the live files alone.
 */
public final class TableLog {
    private static final JsonFactory JSON = new JsonFactory();
    private static final StructType ADD_FILE = (StructType)
            InternalScanFileUtils.SCAN_FILE_SCHEMA_WITH_STATS.get("add").getDataType();
    private static final int PATH = ADD_FILE.indexOf("path");
    private static final int PARTITION_VALUES = ADD_FILE.indexOf("partitionValues");
    private static final int SIZE = ADD_FILE.indexOf("size");
    private static final int MODIFICATION_TIME = ADD_FILE.indexOf("modificationTime");
    private static final int DELETION_VECTOR = ADD_FILE.indexOf("deletionVector");
    private static final int TAGS = ADD_FILE.indexOf("tags");
    private static final int STATISTICS = ADD_FILE.indexOf("stats");

    private final LakeHome home;
    private final Configuration store;
    private final Engine engine;

    /** Of a lake in a folder. */
    public TableLog(LakeHome home) {
        this(home, new Configuration());
    }

    /** With the stores that the configuration names. */
    public static TableLog of(LakeConfig config, LakeHome home) {
        return new TableLog(home, Stores.configuration(config));
    }

    /** @param store how to reach the tables' store: credentials and endpoint of an object store */
    public TableLog(LakeHome home, Configuration store) {
        this.home = home;
        this.store = store;
        this.engine = DefaultEngine.create(store);
    }

    /**
     * The table's newest version, empty where there is no table.
     *
     * @throws LakeException (failed) where the log cannot be read
     */
    public Optional<TableSnapshot> snapshot(DatasetName dataset) {
        return read(
                dataset,
                snapshot -> new TableSnapshot(
                        dataset,
                        snapshot.getVersion(),
                        Instant.ofEpochMilli(snapshot.getTimestamp(engine)),
                        KernelSchemas.shape(dataset, snapshot.getSchema(), snapshot.getPartitionColumnNames()),
                        partitions(dataset, snapshot)));
    }

    /** The columns of the table's newest version, empty where there is no table; its files are not read. */
    public Optional<TableShape> shape(DatasetName dataset) {
        return read(
                dataset,
                snapshot -> KernelSchemas.shape(dataset, snapshot.getSchema(), snapshot.getPartitionColumnNames()));
    }

    /** What is read of a snapshot. */
    @FunctionalInterface
    interface Reading<T> {
        T of(Snapshot snapshot) throws IOException;
    }

    /** Reads something of the newest version, empty where there is no table. */
    <T> Optional<T> read(DatasetName dataset, Reading<T> reading) {
        return read(dataset, builder -> builder, reading);
    }

    /** Reads something of a version, empty where it is not there, or not any more. */
    <T> Optional<T> read(TableVersion table, Reading<T> reading) {
        return read(table.dataset(), builder -> builder.atVersion(table.version()), reading);
    }

    private <T> Optional<T> read(DatasetName dataset, UnaryOperator<SnapshotBuilder> version, Reading<T> reading) {
        String path = home.tablePath(dataset);
        try {
            Snapshot snapshot = version.apply(TableManager.loadSnapshot(path)).build(engine);
            requireWholeCommit(dataset, path, snapshot.getVersion());
            return Optional.of(reading.of(snapshot));
        } catch (TableNotFoundException notThere) {
            return Optional.empty();
        } catch (KernelEngineException e) {
            if (e.getCause() instanceof FileNotFoundException) {
                return Optional.empty();
            }
            throw unreadable(dataset, path, e);
        } catch (KernelException | IOException | UncheckedIOException e) {
            throw unreadable(dataset, path, e);
        }
    }

    Engine engine() {
        return engine;
    }

    /**
     * The first commit of no bytes; Delta reads such a table as if the commit had done nothing.
     *
     * @throws IOException where the log cannot be listed
     */
    public Optional<String> emptyCommit(DatasetName dataset) throws IOException {
        Path log = new Path(home.tablePath(dataset) + "/_delta_log");
        FileSystem files = log.getFileSystem(store);
        try {
            return Arrays.stream(files.listStatus(log))
                    .filter(file -> file.getLen() == 0)
                    .filter(file -> LogNames.commit(file.getPath().getName()).isPresent())
                    .map(file -> file.getPath().toUri().getPath())
                    .min(Comparator.naturalOrder());
        } catch (FileNotFoundException noTable) {
            return Optional.empty();
        }
    }

    /** The oldest version whose commit is there still. */
    long oldestCommit(DatasetName dataset) throws IOException {
        Path log = new Path(home.tablePath(dataset) + "/_delta_log");
        return Arrays.stream(log.getFileSystem(store).listStatus(log))
                .flatMapToLong(file -> LogNames.commit(file.getPath().getName()).stream())
                .min()
                .orElse(0);
    }

    /**
     * The tables below the home that the lake does not define: others made them. A folder whose name is not a dataset's is
     * no table of the lake.
     */
    public List<DatasetName> foreignTables() {
        return tables(dataset -> LakeTables.find(dataset).isEmpty());
    }

    /** All tables below the home, whoever made them. */
    public List<DatasetName> tables() {
        return tables(dataset -> true);
    }

    /**
     * The newest version of every table below the home, by the names of its commits alone: what is in them is not read.
     *
     * @throws LakeException (failed) where a log cannot be listed
     */
    public SortedMap<DatasetName, Long> versions() {
        SortedMap<DatasetName, Long> versions = new TreeMap<>();
        for (DatasetName dataset : tables()) {
            Path log = new Path(home.tablePath(dataset) + "/_delta_log");
            try {
                Arrays.stream(log.getFileSystem(store).listStatus(log))
                        .flatMapToLong(file -> LogNames.commit(file.getPath().getName()).stream())
                        .max()
                        .ifPresent(version -> versions.put(dataset, version));
            } catch (FileNotFoundException goneMeanwhile) {
                continue;
            } catch (IOException e) {
                throw unreadable(dataset, home.tablePath(dataset), e);
            }
        }
        return versions;
    }

    private List<DatasetName> tables(Predicate<DatasetName> wanted) {
        List<DatasetName> found = new ArrayList<>();
        Path root = new Path(home.tablesPath());
        try {
            FileSystem files = root.getFileSystem(store);
            for (String schema : folders(files, root)) {
                Path folder = new Path(root, schema);
                for (String name : folders(files, folder)) {
                    DatasetName dataset = new DatasetName(schema, name);
                    if (wanted.test(dataset) && files.exists(new Path(new Path(folder, name), "_delta_log"))) {
                        found.add(dataset);
                    }
                }
            }
            return found;
        } catch (IOException e) {
            throw LakeException.failed(
                    "the tables of the lake cannot be listed at " + root,
                    String.valueOf(e.getMessage()),
                    "check that the store is reachable and that you may read it",
                    e);
        }
    }

    private static List<String> folders(FileSystem files, Path folder) throws IOException {
        try {
            return Stream.of(files.listStatus(folder))
                    .filter(FileStatus::isDirectory)
                    .map(status -> status.getPath().getName())
                    .filter(DatasetName::isIdentifier)
                    .sorted()
                    .toList();
        } catch (FileNotFoundException none) {
            return List.of();
        }
    }

    /** A writer that lost its power can leave an empty commit, which readers take for one without changes. */
    private void requireWholeCommit(DatasetName dataset, String path, long version) throws IOException {
        Path commit = new Path(path + "/_delta_log/" + LogNames.commitName(version));
        FileSystem files = commit.getFileSystem(store);
        try {
            if (files.getFileStatus(commit).getLen() > 0) {
                return;
            }
        } catch (FileNotFoundException inCheckpoint) {
            return;
        }
        throw LakeException.failed(
                "the log of table " + dataset + " cannot be trusted at " + path,
                "its newest commit, version " + version + ", is an empty file, and Delta would read fewer rows",
                "restore " + commit.getName() + " from a backup; without it, what that commit wrote is lost");
    }

    private static LakeException unreadable(DatasetName dataset, String path, Exception cause) {
        return LakeException.failed(
                "the log of table " + dataset + " cannot be read at " + path,
                String.valueOf(cause.getMessage()),
                "check that the store is reachable and run `lake doctor`",
                cause);
    }

    List<PartitionFiles> partitions(DatasetName dataset, Snapshot snapshot) throws IOException {
        List<String> columns = snapshot.getPartitionColumnNames();
        Map<PartitionName, List<DataFile>> files = new TreeMap<>();
        ScanImpl scan = (ScanImpl) snapshot.getScanBuilder().build();
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(engine, true)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        Row add = rows.next().getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL);
                        files.computeIfAbsent(partition(dataset, columns, add), name -> new ArrayList<>())
                                .add(file(add));
                    }
                }
            }
        }
        return files.entrySet().stream()
                .map(entry -> new PartitionFiles(entry.getKey(), snapshot.getVersion(), entry.getValue()))
                .toList();
    }

    private static PartitionName partition(DatasetName dataset, List<String> columns, Row add) {
        if (columns.isEmpty()) {
            return PartitionName.whole(dataset);
        }
        // The lake's tables have one partition column; of a foreign one's the first is its unit.
        String column = columns.get(0);
        Map<String, String> values = VectorUtils.toJavaMap(add.getMap(PARTITION_VALUES));
        String value = values.get(column);
        return PartitionName.of(dataset, column, value == null || value.isEmpty() ? PartitionValue.NO_VALUE : value);
    }

    private static DataFile file(Row add) throws IOException {
        Map<String, String> tags = new TreeMap<>();
        if (!add.isNullAt(TAGS)) {
            VectorUtils.<String, String>toJavaMap(add.getMap(TAGS)).forEach((key, value) -> {
                if (value != null) {
                    tags.put(key, value);
                }
            });
        }
        String deletionVector = "";
        long rows = add.isNullAt(STATISTICS) ? DataFile.ROWS_UNKNOWN : rows(add.getString(STATISTICS));
        if (!add.isNullAt(DELETION_VECTOR)) {
            DeletionVectorDescriptor vector = DeletionVectorDescriptor.fromRow(add.getStruct(DELETION_VECTOR));
            deletionVector = vector.getUniqueId();
            rows = rows == DataFile.ROWS_UNKNOWN ? rows : rows - vector.getCardinality();
        }
        return new DataFile(
                decoded(add.getString(PATH)),
                add.getLong(SIZE),
                add.getLong(MODIFICATION_TIME),
                rows,
                tags,
                deletionVector);
    }

    /** The path of an action as a file's name: the log keeps it URL-encoded. */
    static String decoded(String encodedPath) {
        URI uri = URI.create(encodedPath);
        return uri.isAbsolute() ? encodedPath : uri.getPath();
    }

    /** The number of records, of a file's statistics as JSON. */
    static long rows(String statistics) throws IOException {
        try (JsonParser parser = JSON.createParser(statistics)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return DataFile.ROWS_UNKNOWN;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                parser.nextToken();
                if (field.equals("numRecords")) {
                    return parser.getLongValue();
                }
                parser.skipChildren();
            }
            return DataFile.ROWS_UNKNOWN;
        }
    }
}
