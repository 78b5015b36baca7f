package io.datapunk.lake.delta;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionValue;
import io.delta.kernel.CommitRange;
import io.delta.kernel.CommitRangeBuilder.CommitBoundary;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.exceptions.CommitRangeNotFoundException;
import io.delta.kernel.exceptions.StartVersionNotFoundException;
import io.delta.kernel.internal.DeltaLogActionUtils.DeltaAction;
import io.delta.kernel.internal.SnapshotImpl;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.internal.actions.RemoveFile;
import io.delta.kernel.internal.util.VectorUtils;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which partitions of the lake's tables have changed. It reads what the change data feed is made from, the actions of the
 * commits: they name the partitions, so that no row has to be read, and they stay as long as the log, with or without the feed.
 */
public final class TableChanges {
    private static final Set<DeltaAction> ACTIONS = Set.of(DeltaAction.ADD, DeltaAction.REMOVE, DeltaAction.METADATA);

    private final TableLog log;

    public TableChanges(TableLog log) {
        this.log = log;
    }

    /** The newest version; empty where there is no such table. */
    public Optional<TableVersion> newest(DatasetName dataset) {
        return log.read(
                dataset,
                snapshot -> new TableVersion(
                        dataset, ((SnapshotImpl) snapshot).getMetadata().getId(), snapshot.getVersion()));
    }

    /** The version that an application has committed to a table last, as {@link DeltaAppend.Once} names it. */
    public OptionalLong lastVersion(DatasetName dataset, String application) {
        return log.read(dataset, snapshot -> ((SnapshotImpl) snapshot)
                        .getLatestTransactionVersion(log.engine(), application))
                .flatMap(version -> version)
                .map(OptionalLong::of)
                .orElseGet(OptionalLong::empty);
    }

    /** The values of the partition column that the newest version has, sorted. */
    public Set<String> partitions(DatasetName dataset) {
        Set<String> values = new TreeSet<>();
        log.snapshot(dataset).ifPresent(snapshot -> snapshot.partitions()
                .forEach(partition -> partition.partition().value().ifPresent(value -> values.add(value.value()))));
        return values;
    }

    /**
     * The partitions some of whose rows may be others than at an older version. Moves and compactions change no rows.
     *
     * @param table at the version up to which commits count
     * @param after the older version
     * @return values of the partition column; empty where nobody can tell, for the log does not reach back so far, or the
     *     table was changed as a whole
     */
    public Optional<Set<String>> between(TableVersion table, long after) {
        if (after == table.version()) {
            return Optional.of(Set.of());
        }
        if (after > table.version()) {
            return Optional.empty();
        }
        return log.read(table.dataset(), snapshot -> between(snapshot, after + 1, table.version()))
                .flatMap(changed -> changed);
    }

    private Optional<Set<String>> between(Snapshot snapshot, long from, long to) throws IOException {
        Set<String> values = new TreeSet<>();
        List<String> columns = snapshot.getPartitionColumnNames();
        try {
            CommitRange commits = TableManager.loadCommitRange(snapshot.getPath(), CommitBoundary.atVersion(from))
                    .withEndBoundary(CommitBoundary.atVersion(to))
                    .build(log.engine());
            try (CloseableIterator<ColumnarBatch> batches = commits.getActions(log.engine(), ACTIONS)) {
                while (batches.hasNext()) {
                    if (!read(batches.next(), columns.isEmpty() ? "" : columns.get(0), values)) {
                        return Optional.empty();
                    }
                }
            }
            return Optional.of(values);
        } catch (CommitRangeNotFoundException | StartVersionNotFoundException cleanedUp) {
            return Optional.empty();
        }
    }

    /** False where the actions do not tell which partitions have changed. */
    private static boolean read(ColumnarBatch batch, String column, Set<String> values) throws IOException {
        int add = batch.getSchema().indexOf("add");
        int remove = batch.getSchema().indexOf("remove");
        int metadata = batch.getSchema().indexOf("metaData");
        try (CloseableIterator<Row> actions = batch.getRows()) {
            while (actions.hasNext()) {
                Row action = actions.next();
                if (!action.isNullAt(metadata)) {
                    return false;
                }
                if (!action.isNullAt(add)) {
                    AddFile file = new AddFile(action.getStruct(add));
                    if (file.getDataChange()) {
                        values.add(value(VectorUtils.toJavaMap(file.getPartitionValues()), column));
                    }
                }
                if (!action.isNullAt(remove)) {
                    RemoveFile file = new RemoveFile(action.getStruct(remove));
                    if (file.getDataChange()) {
                        if (file.getPartitionValues().isEmpty()) {
                            return false;
                        }
                        values.add(value(
                                VectorUtils.toJavaMap(file.getPartitionValues().get()), column));
                    }
                }
            }
        }
        return true;
    }

    private static String value(Map<String, String> partitionValues, String column) {
        String value = partitionValues.get(column);
        return value == null || value.isEmpty() ? PartitionValue.NO_VALUE : value;
    }
}
