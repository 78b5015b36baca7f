package io.datapunk.lake.delta;

import static org.apache.spark.sql.functions.col;

import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.PartitionName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.delta.DeltaColumnMapping;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;

/** The actions behind a partition's live files. */
final class LiveFiles {
    private LiveFiles() {}

    /** The partition's files at a version of its table, by decoded path. */
    static Map<String, AddFile> of(Snapshot snapshot, PartitionName partition) {
        Dataset<AddFile> files = snapshot.allFiles();
        if (partition.value().isPresent()) {
            String column = partition.value().get().column();
            String physical =
                    DeltaColumnMapping.getPhysicalName(snapshot.schema().apply(column));
            Column value = col("partitionValues").getItem(physical);
            files = files.filter(
                    partition.value().get().value().equals(TableLog.NO_VALUE)
                            ? value.isNull()
                            : value.equalTo(partition.value().get().value()));
        }
        Map<String, AddFile> byPath = new LinkedHashMap<>();
        files.collectAsList().forEach(file -> byPath.put(TableLog.decoded(file.path()), file));
        return byPath;
    }

    /** Whether an action still stands for exactly the rows that a plan saw. */
    static boolean isSame(DataFile planned, AddFile live) {
        return live != null && planned.deletionVector().equals(deletionVector(live));
    }

    /** Whether all files are live as they were. */
    static boolean allLive(List<AddFile> files, Map<String, AddFile> live) {
        return files.stream().allMatch(file -> {
            AddFile now = live.get(TableLog.decoded(file.path()));
            return now != null && deletionVector(now).equals(deletionVector(file));
        });
    }

    static boolean isMasked(AddFile file) {
        return file.deletionVector() != null;
    }

    private static String deletionVector(AddFile file) {
        return file.deletionVector() == null ? "" : file.deletionVector().uniqueId();
    }
}
