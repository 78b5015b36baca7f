package io.datapunk.vectors.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.vectors.distance.ExactSearch;
import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.distance.Neighbours;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Compares what an index finds with what is nearest. */
final class Recall {
    private final Matrix queries;
    private final int k;
    private final BitSet accepted;
    private final Neighbours[] nearest;

    /** @param accepted null: all rows */
    Recall(Matrix rows, Matrix queries, int k, BitSet accepted) {
        this.queries = queries;
        this.k = k;
        this.accepted = accepted;
        this.nearest = ExactSearch.nearest(rows, queries, k, accepted);
    }

    /** The share of the nearest that is found; 1 where nothing is missing. */
    double of(ShardIndex index, int effort) {
        ShardSearcher searcher = index.searcher();
        return of(query ->
                searcher.search(queries.vector(query), k, effort, accepted).ordinals());
    }

    double of(IntFunction<int[]> search) {
        int found = 0;
        int all = 0;
        for (int query = 0; query < nearest.length; query++) {
            int[] ordinals = search.apply(query);
            all += nearest[query].size();
            found += (int) IntStream.of(nearest[query].ordinals())
                    .filter(row -> Arrays.stream(ordinals).anyMatch(ordinal -> ordinal == row))
                    .count();
        }
        return (double) found / all;
    }

    void assertScoresOf(ShardIndex index, int effort) {
        ShardSearcher searcher = index.searcher();
        for (int query = 0; query < nearest.length; query++) {
            Neighbours found = searcher.search(queries.vector(query), k, effort, accepted);
            assertThat(found.size()).isEqualTo(nearest[query].size());
            for (int i = 0; i < found.size(); i++) {
                for (int j = 0; j < found.size(); j++) {
                    if (nearest[query].ordinals()[j] == found.ordinals()[i]) {
                        assertThat(found.scores()[i]).isCloseTo(nearest[query].scores()[j], within(1e-4f));
                    }
                }
            }
        }
    }
}
