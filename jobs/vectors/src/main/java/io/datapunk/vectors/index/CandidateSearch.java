package io.datapunk.vectors.index;

import java.util.BitSet;
import java.util.function.IntConsumer;

/** Finds rows that may be nearest; which are is then told by their vectors. */
interface CandidateSearch {
    /**
     * @param query as {@link io.datapunk.vectors.distance.Rows#query} makes it
     * @param k, effort, accepted see {@link ShardSearcher#search}
     * @param found is given each candidate once, all of them accepted
     */
    void find(float[] query, int k, int effort, BitSet accepted, IntConsumer found);
}
