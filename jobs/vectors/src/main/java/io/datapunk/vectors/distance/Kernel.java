package io.datapunk.vectors.distance;

import io.datapunk.lake.config.VectorMetric;

/**
 * Compares vectors. Their nearness is what is cheap and in the order of the scores: the dot product (of unit vectors the
 * cosine), or minus the squared distance. Distances are sums of squared differences, never |a|² + |b|² − 2ab, which says
 * little about vectors that are much alike.
 *
 * <p>Computed with the processor's vector instructions where Java has module {@code jdk.incubator.vector}, else plainly: see
 * {@link #accelerated}. The two differ in the last digits.
 */
public interface Kernel {
    static Kernel of(VectorMetric metric) {
        return metric == VectorMetric.EUCLIDEAN ? Kernels.SQUARED_DISTANCES : Kernels.PRODUCTS;
    }

    /** Whether vector instructions are used; they are about ten times as fast. */
    static boolean accelerated() {
        return Kernels.ACCELERATED;
    }

    /** Of the row at {@code aFrom} and the one at {@code bFrom}. */
    float nearness(float[] a, int aFrom, float[] b, int bFrom, int stride);

    /**
     * Of each of the first rows of one array and each of another: row i with row j at {@code i * bRows + j}. Fastest if both
     * fit into the processor's second cache.
     */
    void nearness(float[] a, int aRows, float[] b, int bRows, int stride, float[] into);

    /** What users see, see {@link VectorMetric}. */
    float score(float nearness);
}
