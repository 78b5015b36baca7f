package io.datapunk.vectors.distance;

import io.datapunk.lake.config.VectorMetric;

/** Lets in vectors that can be compared. Afterwards no score is infinite or NaN, and nothing looks for it. */
final class Admission {
    /** The squared distance of two vectors, four times as large at most, is one that a float can hold. */
    private static final double SQUARED_LENGTH = 1e37;

    private Admission() {}

    /** @throws IllegalArgumentException if the vector cannot be compared, see {@link Matrix#add} */
    static void admit(float[] vector, VectorMetric metric, int dimensions, float[] into, int offset) {
        if (vector.length != dimensions) {
            throw new IllegalArgumentException(
                    "A vector of " + vector.length + " dimensions cannot be compared with ones of " + dimensions);
        }
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        if (metric == VectorMetric.COSINE) {
            if (squares == 0 || !Double.isFinite(squares)) {
                throw new IllegalArgumentException("A vector of length " + Math.sqrt(squares) + " has no direction");
            }
            double scale = 1 / Math.sqrt(squares);
            for (int d = 0; d < dimensions; d++) {
                into[offset + d] = (float) (vector[d] * scale);
            }
            return;
        }
        if (!(squares <= SQUARED_LENGTH)) {
            throw new IllegalArgumentException(
                    "A vector of length " + Math.sqrt(squares) + " is too long to be compared");
        }
        System.arraycopy(vector, 0, into, offset, dimensions);
    }
}
