package io.datapunk.vectors.index;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.ExactScan;
import io.datapunk.vectors.distance.ExactSearch;
import io.datapunk.vectors.distance.Neighbours;
import io.datapunk.vectors.distance.Rows;
import java.util.BitSet;

/** Candidates come from the structure; they, or all rows where those are few, are compared exactly. */
final class MappedShard implements ShardIndex {
    private final MappedVectors vectors;
    private final Structure structure;

    MappedShard(MappedVectors vectors, Structure structure) {
        this.vectors = vectors;
        this.structure = structure;
    }

    @Override
    public VectorMetric metric() {
        return vectors.metric();
    }

    @Override
    public int dimensions() {
        return vectors.dimensions();
    }

    @Override
    public int size() {
        return vectors.size();
    }

    @Override
    public float[] vector(int ordinal) {
        return vectors.vector(ordinal);
    }

    @Override
    public Neighbours[] nearest(Rows queries, int k, BitSet accepted) {
        return ExactSearch.nearest(vectors, queries, k, accepted);
    }

    @Override
    public ShardSearcher searcher() {
        return new Searcher();
    }

    @Override
    public void close() {
        // Unmapping by hand under a thread that still searches would end the process.
    }

    private final class Searcher implements ShardSearcher {
        private final ExactScan scan = new ExactScan(vectors);
        private final CandidateSearch candidates = structure.candidates();

        @Override
        public Neighbours search(float[] query, int k, int effort, BitSet accepted) {
            float[] prepared = vectors.query(query);
            int among = accepted == null ? size() : accepted.cardinality();
            if (among > structure.comparedAtOnce(k, effort)) {
                scan.begin(prepared, 1, k);
                candidates.find(prepared, k, effort, accepted, scan::add);
                Neighbours found = scan.end()[0];
                // A graph may have parts that no link leads to, and the lists looked at may hold too few.
                if (found.size() >= Math.min(k, among)) {
                    return found;
                }
            }
            return compareAll(prepared, k, accepted);
        }

        private Neighbours compareAll(float[] query, int k, BitSet accepted) {
            scan.begin(query, 1, k);
            if (accepted == null) {
                for (int row = 0; row < size(); row++) {
                    scan.add(row);
                }
            } else {
                for (int row = accepted.nextSetBit(0); row >= 0 && row < size(); row = accepted.nextSetBit(row + 1)) {
                    scan.add(row);
                }
            }
            return scan.end()[0];
        }
    }
}
