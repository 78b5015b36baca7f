package io.datapunk.vectors.embed;

/** Vectors of length 1. */
final class UnitVectors {
    private UnitVectors() {}

    /** A copy of length 1; the vector itself where it is all zeros, which has no direction. */
    static float[] normalised(float[] vector) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        if (squares == 0) {
            return vector;
        }
        double length = Math.sqrt(squares);
        float[] unit = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }
}
