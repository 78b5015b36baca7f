package io.datapunk.vectors.index;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.Kernel;
import io.datapunk.vectors.distance.Matrix;
import io.github.jbellis.jvector.graph.similarity.BuildScoreProvider;
import io.github.jbellis.jvector.graph.similarity.DefaultSearchScoreProvider;
import io.github.jbellis.jvector.graph.similarity.ScoreFunction.ExactScoreFunction;
import io.github.jbellis.jvector.graph.similarity.SearchScoreProvider;
import io.github.jbellis.jvector.vector.types.VectorFloat;

/**
 * How near rows are while a graph is built: whatever the metric, 1 / squared distance. JVector's rule for which links to keep
 * compares ratios of scores; these are independent of how long the vectors are, and of where the metric has its zero.
 *
 * <p>Of unit vectors the order by distance is that by cosine. For dot products each vector gets one more dimension which makes
 * all of them equally long, so that a query, whose own is zero, has them in the order of their products (Bachrach et al. 2014).
 */
final class GraphDistances implements BuildScoreProvider {
    private static final Kernel DISTANCES = Kernel.of(VectorMetric.EUCLIDEAN);

    private final Matrix vectors;

    /** The further dimension; empty where there is none. */
    private final float[] lifts;

    GraphDistances(Matrix vectors) {
        this.vectors = vectors;
        this.lifts = vectors.metric() == VectorMetric.DOT ? lifts(vectors) : new float[0];
    }

    private static float[] lifts(Matrix vectors) {
        Kernel products = Kernel.of(VectorMetric.DOT);
        float[] lifts = new float[vectors.size()];
        float longest = 0;
        for (int row = 0; row < lifts.length; row++) {
            lifts[row] = vectors.nearness(products, row, row);
            longest = Math.max(longest, lifts[row]);
        }
        for (int row = 0; row < lifts.length; row++) {
            lifts[row] = (float) Math.sqrt(longest - lifts[row]);
        }
        return lifts;
    }

    /** The score of a squared distance; finite. */
    static float score(float squaredDistance) {
        return 1 / Math.max(squaredDistance, Float.MIN_NORMAL);
    }

    private ExactScoreFunction scores(int row) {
        if (lifts.length == 0) {
            return other -> score(-vectors.nearness(DISTANCES, row, other));
        }
        return other -> {
            float lift = lifts[row] - lifts[other];
            return score(lift * lift - vectors.nearness(DISTANCES, row, other));
        };
    }

    @Override
    public boolean isExact() {
        return true;
    }

    @Override
    public SearchScoreProvider searchProviderFor(int row) {
        return new DefaultSearchScoreProvider(scores(row));
    }

    @Override
    public SearchScoreProvider diversityProviderFor(int row) {
        return searchProviderFor(row);
    }

    @Override
    public VectorFloat<?> approximateCentroid() {
        throw new UnsupportedOperationException("Graphs are built of rows");
    }

    @Override
    public SearchScoreProvider searchProviderFor(VectorFloat<?> vector) {
        throw new UnsupportedOperationException("Graphs are built of rows");
    }
}
