package io.datapunk.tiering.apply;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.Tier;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Which partitions are copied together: a job of Spark costs a quarter of a second and more however little it copies.
 * Bounded, because what a killed run has not committed is copied again, and because a bad partition makes its neighbours
 * be tried once more. Pure.
 */
final class CopyBatches {
    /** At zstd 19 about ten seconds of one core. */
    static final long BYTES = 64L << 20;

    static final int PARTITIONS = 64;

    private CopyBatches() {}

    /** Copies of one dataset into one tier, in their order; a large partition is a batch by itself. */
    static List<List<Move>> of(List<Move> copies) {
        record Kind(DatasetName dataset, Tier target) {}
        Map<Kind, List<Move>> kinds = new LinkedHashMap<>();
        copies.forEach(
                move -> kinds.computeIfAbsent(new Kind(move.dataset(), move.fileTarget()), kind -> new ArrayList<>())
                        .add(move));
        List<List<Move>> batches = new ArrayList<>();
        kinds.values().forEach(kind -> batches.addAll(cut(kind)));
        return batches;
    }

    private static List<List<Move>> cut(List<Move> copies) {
        List<List<Move>> batches = new ArrayList<>();
        List<Move> batch = new ArrayList<>();
        long bytes = 0;
        for (Move move : copies) {
            if (!batch.isEmpty() && (batch.size() == PARTITIONS || bytes + move.bytesToCopy() > BYTES)) {
                batches.add(batch);
                batch = new ArrayList<>();
                bytes = 0;
            }
            batch.add(move);
            bytes += move.bytesToCopy();
        }
        batches.add(batch);
        return batches;
    }
}
