package io.datapunk.lake.delta;

import io.datapunk.lake.delta.LoggedFile.Key;
import io.datapunk.lake.model.DataFile;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.engine.DefaultEngine;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.engine.FileReadResult;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.util.Utils;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructType;
import io.delta.kernel.utils.CloseableIterator;
import io.delta.kernel.utils.FileStatus;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** Reads which files a checkpoint says are live. */
public final class CheckpointReader {
    private static final StructType ADD = new StructType()
            .add("path", StringType.STRING, true)
            .add("size", LongType.LONG, true)
            .add("deletionVector", DeletionVectorDescriptor.READ_SCHEMA, true)
            .add("stats", StringType.STRING, true);
    private static final StructType SIDECAR = new StructType().add("path", StringType.STRING, true);
    private static final StructType ACTIONS =
            new StructType().add("add", ADD, true).add("sidecar", SIDECAR, true);

    private final Configuration store;
    private final Engine engine;

    public CheckpointReader(Configuration store) {
        this.store = store;
        this.engine = DefaultEngine.create(store);
    }

    /**
     * The live files by path and vector.
     *
     * @param parts the checkpoint's files; those that they refer to in {@code _sidecars} are read with them
     * @throws IOException where one of them is missing or is not what a checkpoint's file is
     */
    public Map<Key, LoggedFile> live(List<Path> parts) throws IOException {
        Map<Key, LoggedFile> live = new HashMap<>();
        List<String> sidecars = new ArrayList<>();
        for (Path part : parts) {
            if (part.getName().endsWith(".json")) {
                try (InputStream in = part.getFileSystem(store).open(part)) {
                    CommitActions actions = CommitReader.read(in);
                    actions.added().forEach(file -> live.put(file.key(), file));
                    sidecars.addAll(actions.sidecars());
                }
            } else {
                read(part, live, sidecars);
            }
        }
        for (String sidecar : sidecars) {
            Path folder = new Path(parts.get(0).getParent(), "_sidecars");
            read(sidecar.contains("/") ? new Path(sidecar) : new Path(folder, sidecar), live, new ArrayList<>());
        }
        return live;
    }

    private void read(Path part, Map<Key, LoggedFile> live, List<String> sidecars) throws IOException {
        org.apache.hadoop.fs.FileStatus found = part.getFileSystem(store).getFileStatus(part);
        FileStatus status = FileStatus.of(part.toString(), found.getLen(), found.getModificationTime());
        try (CloseableIterator<FileReadResult> batches = engine.getParquetHandler()
                .readParquetFiles(Utils.singletonCloseableIterator(status), ACTIONS, Optional.empty())) {
            while (batches.hasNext()) {
                add(batches.next().getData(), live, sidecars);
            }
        } catch (RuntimeException e) {
            // Parquet and Kernel throw many kinds where bytes are not what they should be.
            throw new IOException(part.getName() + " is no checkpoint: " + e.getMessage(), e);
        }
    }

    private static void add(ColumnarBatch batch, Map<Key, LoggedFile> live, List<String> sidecars) throws IOException {
        try (CloseableIterator<Row> rows = batch.getRows()) {
            while (rows.hasNext()) {
                Row row = rows.next();
                if (!row.isNullAt(0)) {
                    LoggedFile file = file(row.getStruct(0));
                    live.put(file.key(), file);
                }
                if (!row.isNullAt(1)) {
                    sidecars.add(row.getStruct(1).getString(0));
                }
            }
        }
    }

    private static LoggedFile file(Row add) throws IOException {
        Optional<DeletionVectorDescriptor> vector =
                add.isNullAt(2) ? Optional.empty() : Optional.of(DeletionVectorDescriptor.fromRow(add.getStruct(2)));
        return new LoggedFile(
                TableLog.decoded(add.getString(0)),
                vector.map(DeletionVectorDescriptor::getUniqueId).orElse(""),
                vector.map(CommitReader::path).orElse(""),
                add.getLong(1),
                add.isNullAt(3) ? DataFile.ROWS_UNKNOWN : TableLog.rows(add.getString(3)));
    }
}
