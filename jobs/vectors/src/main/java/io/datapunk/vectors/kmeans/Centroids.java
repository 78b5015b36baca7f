package io.datapunk.vectors.kmeans;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.ExactScan;
import io.datapunk.vectors.distance.Neighbours;
import io.datapunk.vectors.distance.Rows;
import java.util.Arrays;

/**
 * The middles of clusters. For cosines and dot products they are directions, and a vector is of the one that its own is nearest
 * to.
 */
public final class Centroids {
    private final Rows rows;

    private Centroids(Rows rows) {
        this.rows = rows;
    }

    /** @param rows compared by {@link #metric} */
    public static Centroids of(Rows rows) {
        return new Centroids(rows);
    }

    /** By what vectors of a metric are clustered. */
    public static VectorMetric metric(VectorMetric ofVectors) {
        return ofVectors == VectorMetric.EUCLIDEAN ? VectorMetric.EUCLIDEAN : VectorMetric.COSINE;
    }

    public int size() {
        return rows.size();
    }

    /** The middles themselves. */
    public Rows rows() {
        return rows;
    }

    /** The n nearest, or all if there are fewer, the nearest first; of equal ones the lower first. */
    public int[] nearest(float[] vector, int n) {
        return nearest(new ExactScan(rows), Arrays.copyOf(vector, rows.stride()), 1, n)[0].ordinals();
    }

    /** The nearest one of each row. Of many rows in the threads of the pool that it is called in, else the common one's. */
    public int[] assign(Rows vectors) {
        int[] assigned = new int[vectors.size()];
        float[] scores = new float[assigned.length];
        Parts.of(assigned.length, (from, to) -> assign(vectors, from, to, assigned, scores));
        return assigned;
    }

    /**
     * Of the rows in a range the nearest one, and how near it is.
     *
     * @param scores see {@link VectorMetric}
     */
    public void assign(Rows vectors, int from, int to, int[] assigned, float[] scores) {
        ExactScan scan = new ExactScan(rows);
        float[] block = new float[scan.blockRows() * rows.stride()];
        for (int start = from; start < to; start += scan.blockRows()) {
            int count = Math.min(scan.blockRows(), to - start);
            for (int i = 0; i < count; i++) {
                vectors.read(start + i, block, i * rows.stride());
            }
            Neighbours[] nearest = nearest(scan, block, count, 1);
            for (int i = 0; i < count; i++) {
                assigned[start + i] = nearest[i].ordinals()[0];
                scores[start + i] = nearest[i].scores()[0];
            }
        }
    }

    private Neighbours[] nearest(ExactScan scan, float[] vectors, int count, int n) {
        scan.begin(vectors, count, n);
        for (int centroid = 0; centroid < rows.size(); centroid++) {
            scan.add(centroid);
        }
        return scan.end();
    }
}
