package io.datapunk.vectors.index;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.ExactSearch;
import io.datapunk.vectors.distance.Neighbours;
import io.datapunk.vectors.distance.Rows;
import java.io.Closeable;
import java.io.IOException;
import java.util.BitSet;

/** An open index, for any number of threads. Takes little of the heap: its files are mapped. */
public interface ShardIndex extends Closeable {
    VectorMetric metric();

    int dimensions();

    /** Rows. */
    int size();

    /** A copy of a row's vector; of cosines it has length 1. */
    float[] vector(int ordinal);

    /**
     * The k nearest rows of each query by comparison with all of them, see {@link ExactSearch}.
     *
     * @param accepted null: all
     */
    Neighbours[] nearest(Rows queries, int k, BitSet accepted);

    /** One for each thread. */
    ShardSearcher searcher();

    /** Lets go of the files, whose memory Java gives back when its searchers are gone, too. */
    @Override
    void close() throws IOException;
}
