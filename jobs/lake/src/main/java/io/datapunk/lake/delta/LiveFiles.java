package io.datapunk.lake.delta;

import static org.apache.spark.sql.functions.col;

import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.delta.DeltaColumnMapping;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;

/** The actions behind the live files of some partitions, at a version of their table. */
final class LiveFiles {
    private final Map<PartitionName, Map<String, AddFile>> byPartition;

    private LiveFiles(Map<PartitionName, Map<String, AddFile>> byPartition) {
        this.byPartition = byPartition;
    }

    /** Reads the log's state once, however many partitions are asked for. */
    static LiveFiles of(Snapshot snapshot, Collection<PartitionName> partitions) {
        Map<String, PartitionName> byValue = new HashMap<>();
        partitions.forEach(partition -> byValue.put(value(partition), partition));
        Optional<String> physical = partitions.stream()
                .flatMap(partition -> partition.value().stream())
                .map(value ->
                        DeltaColumnMapping.getPhysicalName(snapshot.schema().apply(value.column())))
                .findFirst();
        Dataset<AddFile> files = snapshot.allFiles();
        if (physical.isPresent()) {
            Column value = col("partitionValues").getItem(physical.get());
            Column wanted = value.isin(byValue.keySet().toArray());
            boolean withoutValue = byValue.containsKey(PartitionValue.NO_VALUE);
            files = files.filter(withoutValue ? wanted.or(value.isNull()).or(value.equalTo("")) : wanted);
        }
        Map<PartitionName, Map<String, AddFile>> byPartition = new HashMap<>();
        for (AddFile file : files.collectAsList()) {
            String value = physical.map(
                            column -> DeltaActions.partitionValue(file, column).orElse(PartitionValue.NO_VALUE))
                    .orElse("");
            byPartition
                    .computeIfAbsent(byValue.get(value), partition -> new LinkedHashMap<>())
                    .put(TableLog.decoded(file.path()), file);
        }
        return new LiveFiles(byPartition);
    }

    private static String value(PartitionName partition) {
        return partition.value().map(PartitionValue::value).orElse("");
    }

    /** The partition's files by decoded path. */
    Map<String, AddFile> of(PartitionName partition) {
        return byPartition.getOrDefault(partition, Map.of());
    }

    /** Whether an action still stands for exactly the rows that a plan saw. */
    static boolean isSame(DataFile planned, AddFile live) {
        return live != null && planned.deletionVector().equals(deletionVector(live));
    }

    /** Whether all files that a move would retire are live as they were. */
    boolean holdAllOf(StagedMove move) {
        Map<String, AddFile> live = of(move.partition());
        return move.retired().stream().allMatch(file -> {
            AddFile now = live.get(TableLog.decoded(file.path()));
            return now != null && deletionVector(now).equals(deletionVector(file));
        });
    }

    /** Why a move cannot be made whose source files are not live any more. */
    static LakeException drift(String partitions) {
        return LakeException.failed(
                partitions + " cannot be moved",
                "files of it were rewritten or removed since it was read",
                "make a new plan with `lake tier plan`; the copy that was made is not used");
    }

    static boolean isMasked(AddFile file) {
        return file.deletionVector() != null;
    }

    static String deletionVector(AddFile file) {
        return file.deletionVector() == null ? "" : file.deletionVector().uniqueId();
    }
}
