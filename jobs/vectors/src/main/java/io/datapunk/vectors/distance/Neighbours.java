package io.datapunk.vectors.distance;

import java.util.Arrays;

/**
 * What is nearest, the best first; of equal ones the lower ordinal first.
 *
 * @param ordinals the rows
 * @param scores of each, see {@link io.datapunk.lake.config.VectorMetric}
 */
public record Neighbours(int[] ordinals, float[] scores) {
    public int size() {
        return ordinals.length;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Neighbours that
                && Arrays.equals(ordinals, that.ordinals)
                && Arrays.equals(scores, that.scores);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(ordinals) + Arrays.hashCode(scores);
    }

    @Override
    public String toString() {
        return Arrays.toString(ordinals) + " with " + Arrays.toString(scores);
    }
}
