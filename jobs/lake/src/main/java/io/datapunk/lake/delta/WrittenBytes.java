package io.datapunk.lake.delta;

import io.datapunk.lake.model.DatasetName;
import io.delta.kernel.CommitRange;
import io.delta.kernel.CommitRangeBuilder.CommitBoundary;
import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.data.ColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.internal.DeltaLogActionUtils.DeltaAction;
import io.delta.kernel.internal.actions.AddFile;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * How many bytes a table's commits wrote, as far as its log reaches back.
 *
 * @param all of every file that was added
 * @param fresh of files whose rows were new: their commits took none away
 */
public record WrittenBytes(long all, long fresh) {
    private static final Set<DeltaAction> ACTIONS = Set.of(DeltaAction.ADD, DeltaAction.REMOVE);

    /** Of a table's log; nothing where there is no table. */
    public static WrittenBytes of(TableLog log, DatasetName dataset) {
        return log.read(dataset, snapshot -> of(log, snapshot, log.oldestCommit(dataset)))
                .orElse(new WrittenBytes(0, 0));
    }

    public WrittenBytes plus(WrittenBytes other) {
        return new WrittenBytes(all + other.all, fresh + other.fresh);
    }

    private static WrittenBytes of(TableLog log, Snapshot snapshot, long first) throws IOException {
        CommitRange commits = TableManager.loadCommitRange(snapshot.getPath(), CommitBoundary.atVersion(first))
                .withEndBoundary(CommitBoundary.atVersion(snapshot.getVersion()))
                .build(log.engine());
        Map<Long, Long> added = new HashMap<>();
        Map<Long, Long> changed = new HashMap<>();
        Set<Long> removing = new HashSet<>();
        try (CloseableIterator<ColumnarBatch> batches = commits.getActions(log.engine(), ACTIONS)) {
            while (batches.hasNext()) {
                count(batches.next(), added, changed, removing);
            }
        }
        changed.keySet().removeAll(removing);
        return new WrittenBytes(sum(added), sum(changed));
    }

    private static void count(ColumnarBatch batch, Map<Long, Long> added, Map<Long, Long> changed, Set<Long> removing)
            throws IOException {
        int version = batch.getSchema().indexOf("version");
        int add = batch.getSchema().indexOf("add");
        int remove = batch.getSchema().indexOf("remove");
        try (CloseableIterator<Row> actions = batch.getRows()) {
            while (actions.hasNext()) {
                Row action = actions.next();
                if (!action.isNullAt(add)) {
                    AddFile file = new AddFile(action.getStruct(add));
                    added.merge(action.getLong(version), file.getSize(), Long::sum);
                    if (file.getDataChange()) {
                        changed.merge(action.getLong(version), file.getSize(), Long::sum);
                    }
                }
                if (!action.isNullAt(remove)) {
                    removing.add(action.getLong(version));
                }
            }
        }
    }

    private static long sum(Map<Long, Long> bytes) {
        return bytes.values().stream().mapToLong(Long::longValue).sum();
    }
}
