package io.datapunk.lake.delta;

import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.RowChecksum;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.Snapshot;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.types.DataTypes;

/** Checksums of given files of a table, read from where they lie, whether a commit names them or not. */
final class FileChecksums {
    private final DeltaLog log;
    private final Snapshot snapshot;

    FileChecksums(DeltaLog log, Snapshot snapshot) {
        this.log = log;
        this.snapshot = snapshot;
    }

    /** One for each move, over the files that {@code side} names; one job where the moves' partitions can be told. */
    List<RowChecksum> of(List<StagedMove> moves, Function<StagedMove, List<AddFile>> side) {
        if (moves.size() > 1 && areTold(moves)) {
            List<AddFile> files =
                    moves.stream().flatMap(move -> side.apply(move).stream()).toList();
            Map<String, RowChecksum> sums = DeltaChecksum.byPartition(
                    RowRewriter.read(log, snapshot, files), value(moves.get(0)).column());
            return moves.stream()
                    .map(move -> sums.getOrDefault(value(move).value(), RowChecksum.ZERO))
                    .toList();
        }
        return moves.stream()
                .map(move -> DeltaChecksum.of(RowRewriter.read(log, snapshot, side.apply(move))))
                .toList();
    }

    /** Whether a row says to which of the moves it belongs: by a column of texts. */
    private boolean areTold(List<StagedMove> moves) {
        return moves.stream().allMatch(move -> move.partition()
                .value()
                .filter(value ->
                        snapshot.schema().apply(value.column()).dataType().equals(DataTypes.StringType))
                .isPresent());
    }

    private static PartitionValue value(StagedMove move) {
        return move.partition().value().orElseThrow();
    }
}
