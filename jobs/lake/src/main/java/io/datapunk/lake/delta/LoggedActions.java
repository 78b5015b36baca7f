package io.datapunk.lake.delta;

import io.datapunk.lake.model.LakeException;
import io.delta.kernel.Snapshot;
import io.delta.kernel.data.FilteredColumnarBatch;
import io.delta.kernel.data.Row;
import io.delta.kernel.defaults.internal.json.JsonUtils;
import io.delta.kernel.internal.InternalScanFileUtils;
import io.delta.kernel.internal.ScanImpl;
import io.delta.kernel.utils.CloseableIterator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.spark.sql.delta.actions.Action;
import org.apache.spark.sql.delta.actions.AddFile;

/**
 * The actions behind live files as Spark's Delta takes them, found by Delta Kernel. Spark's own way runs several jobs, which for
 * a table of a few hundred files take longer than to read a month of it.
 */
final class LoggedActions {
    private final TableLog log;

    LoggedActions(TableLog log) {
        this.log = log;
    }

    /**
     * The live files of some partitions.
     *
     * @param partitions by what their rows have in the partition column, empty text for nothing; of a table without one, empty
     * @throws LakeException where the version is not there
     */
    List<AddFile> of(TableVersion table, Predicate<String> partitions) {
        return log.read(table, snapshot -> files(snapshot, partitions))
                .orElseThrow(() -> LakeException.failed(
                        "version " + table.version() + " of " + table.dataset() + " cannot be read",
                        "its log does not reach back so far",
                        "run the command again"));
    }

    private List<AddFile> files(Snapshot snapshot, Predicate<String> partitions) throws IOException {
        List<String> columns = snapshot.getPartitionColumnNames();
        List<AddFile> files = new ArrayList<>();
        ScanImpl scan = (ScanImpl) snapshot.getScanBuilder().build();
        try (CloseableIterator<FilteredColumnarBatch> batches = scan.getScanFiles(log.engine(), true)) {
            while (batches.hasNext()) {
                try (CloseableIterator<Row> rows = batches.next().getRows()) {
                    while (rows.hasNext()) {
                        String add = JsonUtils.rowToJson(rows.next().getStruct(InternalScanFileUtils.ADD_FILE_ORDINAL));
                        AddFile file = (AddFile) Action.fromJson("{\"add\":" + add + "}");
                        String value = columns.isEmpty()
                                ? ""
                                : DeltaActions.partitionValue(file, columns.get(0))
                                        .orElse("");
                        if (partitions.test(value)) {
                            files.add(file);
                        }
                    }
                }
            }
        }
        return files;
    }
}
