package io.datapunk.vectors.index;

import io.datapunk.vectors.distance.Neighbours;
import java.util.BitSet;

/** Searches an index, in one thread at a time. */
public interface ShardSearcher {
    /**
     * The k rows that were found to be nearest, with exact scores; fewer only if fewer rows are accepted.
     *
     * @param query made as the rows are, see {@link io.datapunk.vectors.distance.Rows#query}
     * @param effort of a graph the candidates, of lists how many are looked at: the more, the surer and the slower. At least 1.
     * @param accepted rows that may be found; null: all. The search looks among these alone, and does not filter what it found.
     * @throws IllegalArgumentException if the query cannot be compared with the rows
     */
    Neighbours search(float[] query, int k, int effort, BitSet accepted);
}
