package io.datapunk.vectors.kmeans;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.Kernel;
import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.distance.Rows;
import java.util.Arrays;
import java.util.Random;

/**
 * Finds clusters: greedy k-means++ chooses where to begin (Arthur and Vassilvitskii 2007, the best of some candidates each
 * time, as their implementation and scikit-learn's), Lloyd's rounds follow until nothing changes or for {@value #ROUNDS}. For
 * cosines and dot products spherical: what is averaged are directions.
 *
 * <p>Works on a sample of {@value #SAMPLE} rows a cluster, within which FAISS's advice of 39 to 256 lies. Uses the threads of
 * the pool that it is called in, else the common one's. The same seed gives the same clusters on the same machine.
 */
public final class KMeans {
    private static final int ROUNDS = 20;
    /** Rows of a cluster that it works on; more that it is given are left out. */
    public static final int SAMPLE = 64;

    /** Of these it is chosen where to begin. It costs a pass for each candidate, and no block of rows can be used. */
    private static final int START_SAMPLE = 16;

    private final Matrix sample;
    private final int clusters;
    private final Random random;

    private KMeans(Matrix sample, int clusters, Random random) {
        this.sample = sample;
        this.clusters = clusters;
        this.random = random;
    }

    /**
     * The middles of that many clusters, or of fewer where fewer rows differ; of none where there are no rows.
     *
     * @throws IllegalArgumentException if less than one cluster is asked for
     */
    public static Centroids train(Rows rows, int clusters, long seed) {
        if (clusters < 1) {
            throw new IllegalArgumentException("One cluster at least has to be asked for, not " + clusters);
        }
        Random random = new Random(seed);
        return new KMeans(sample(rows, (long) clusters * SAMPLE, random), clusters, random).train();
    }

    private Centroids train() {
        Centroids centroids = start();
        int[] before = {};
        for (int round = 0; round < ROUNDS && centroids.size() > 0; round++) {
            int[] assigned = new int[sample.size()];
            float[] scores = new float[sample.size()];
            assign(centroids, assigned, scores);
            if (Arrays.equals(assigned, before)) {
                break;
            }
            before = assigned.clone();
            fillEmptyClusters(assigned, scores, centroids.size());
            centroids = means(assigned, centroids);
        }
        return centroids;
    }

    /** Rows that can be compared by direction or distance, so many at most. */
    private static Matrix sample(Rows rows, long most, Random random) {
        Matrix sample = new Matrix(Centroids.metric(rows.metric()), rows.dimensions());
        long left = Math.min(most, rows.size());
        // Each of those that are left is taken with the same probability (Knuth's selection sampling).
        for (int row = 0; row < rows.size(); row++) {
            if (random.nextDouble() * (rows.size() - row) < left) {
                left--;
                float[] vector = rows.vector(row);
                if (sample.metric() != VectorMetric.COSINE || hasDirection(vector)) {
                    sample.add(vector);
                }
            }
        }
        return sample;
    }

    private static boolean hasDirection(float[] vector) {
        for (float value : vector) {
            if (value != 0) {
                return true;
            }
        }
        return false;
    }

    private Centroids start() {
        Matrix among = sample(sample, (long) clusters * START_SAMPLE, random);
        Matrix chosen = new Matrix(sample.metric(), sample.dimensions());
        float[] squares = new float[among.size()];
        Arrays.fill(squares, Float.MAX_VALUE);
        int candidates = 2 + (int) Math.log(clusters);
        double total = sum(squares);
        while (chosen.size() < clusters && total > 0) {
            int best = 0;
            float[] lowest = squares;
            double least = Double.POSITIVE_INFINITY;
            for (int candidate = 0; candidate < candidates; candidate++) {
                int row = choose(squares, total);
                float[] lowered = lowered(squares, among, row);
                double sum = sum(lowered);
                if (sum < least) {
                    best = row;
                    lowest = lowered;
                    least = sum;
                }
            }
            chosen.add(among.vector(best));
            squares = lowest;
            total = least;
        }
        return Centroids.of(chosen);
    }

    /** A row, with a probability that is the square of its distance from those chosen before. */
    private int choose(float[] squares, double total) {
        double left = random.nextDouble() * total;
        int last = 0;
        for (int row = 0; row < squares.length; row++) {
            if (squares[row] > 0) {
                last = row;
                left -= squares[row];
                if (left < 0) {
                    break;
                }
            }
        }
        return last;
    }

    /** With a further row chosen. */
    private static float[] lowered(float[] squares, Matrix among, int row) {
        Kernel distances = Kernel.of(VectorMetric.EUCLIDEAN);
        float[] lowered = new float[squares.length];
        Parts.of(squares.length, (from, to) -> {
            for (int i = from; i < to; i++) {
                lowered[i] = Math.min(squares[i], -among.nearness(distances, i, row));
            }
        });
        return lowered;
    }

    private static double sum(float[] squares) {
        double sum = 0;
        for (float square : squares) {
            sum += square;
        }
        return sum;
    }

    /** Each gets the row that is farthest from the middle of its cluster, of a cluster that has others. */
    private static void fillEmptyClusters(int[] assigned, float[] scores, int clusters) {
        int[] rows = new int[clusters];
        for (int cluster : assigned) {
            rows[cluster]++;
        }
        for (int empty = 0; empty < clusters; empty++) {
            if (rows[empty] == 0) {
                int farthest = farthest(assigned, scores, rows);
                if (farthest < 0) {
                    return;
                }
                rows[assigned[farthest]]--;
                rows[empty]++;
                assigned[farthest] = empty;
            }
        }
    }

    private static int farthest(int[] assigned, float[] scores, int[] rows) {
        int farthest = -1;
        for (int row = 0; row < assigned.length; row++) {
            if (rows[assigned[row]] > 1 && (farthest < 0 || scores[row] < scores[farthest])) {
                farthest = row;
            }
        }
        return farthest;
    }

    private Centroids means(int[] assigned, Centroids before) {
        int dimensions = sample.dimensions();
        double[][] sums = new double[before.size()][dimensions];
        int[] rows = new int[before.size()];
        float[] vector = new float[sample.stride()];
        for (int row = 0; row < assigned.length; row++) {
            sample.read(row, vector, 0);
            rows[assigned[row]]++;
            for (int d = 0; d < dimensions; d++) {
                sums[assigned[row]][d] += vector[d];
            }
        }
        Matrix means = new Matrix(sample.metric(), dimensions);
        for (int cluster = 0; cluster < sums.length; cluster++) {
            float[] mean = new float[dimensions];
            for (int d = 0; d < dimensions; d++) {
                mean[d] = (float) (sums[cluster][d] / rows[cluster]);
            }
            // A cluster that stayed empty has no mean, and directions can cancel out.
            boolean has = rows[cluster] > 0 && (means.metric() != VectorMetric.COSINE || hasDirection(mean));
            means.add(has ? mean : before.rows().vector(cluster));
        }
        return Centroids.of(means);
    }

    private void assign(Centroids centroids, int[] assigned, float[] scores) {
        Parts.of(sample.size(), (from, to) -> centroids.assign(sample, from, to, assigned, scores));
    }
}
