package io.datapunk.vectors;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.distance.Matrix;
import java.util.Random;

/** Vectors as embeddings are: in clusters that overlap. */
public final class RandomVectors {
    private final Random random;
    private final float[][] middles;

    public RandomVectors(long seed, int dimensions, int clusters) {
        this.random = new Random(seed);
        this.middles = new float[clusters][];
        for (int cluster = 0; cluster < clusters; cluster++) {
            middles[cluster] = around(new float[dimensions], 1);
        }
    }

    public float[] next() {
        return around(middles[random.nextInt(middles.length)], 0.6f);
    }

    public Matrix matrix(VectorMetric metric, int rows) {
        Matrix matrix = new Matrix(metric, middles[0].length);
        for (int row = 0; row < rows; row++) {
            matrix.add(next());
        }
        return matrix;
    }

    private float[] around(float[] middle, float deviation) {
        float[] vector = new float[middle.length];
        for (int d = 0; d < vector.length; d++) {
            vector[d] = middle[d] + deviation * (float) random.nextGaussian();
        }
        return vector;
    }
}
