package io.datapunk.vectors.distance;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Squared distances by vector instructions. */
final class AcceleratedSquaredDistances extends TiledKernel {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;

    @Override
    public float nearness(float[] a, int aFrom, float[] b, int bFrom, int stride) {
        FloatVector sum = FloatVector.zero(SPECIES);
        for (int d = 0; d < stride; d += SPECIES.length()) {
            sum = addSquare(
                    FloatVector.fromArray(SPECIES, a, aFrom + d).sub(FloatVector.fromArray(SPECIES, b, bFrom + d)),
                    sum);
        }
        return -sum.reduceLanes(VectorOperators.ADD);
    }

    @Override
    void tile(float[] a, int a0, float[] b, int b0, int stride, float[] into, int at, int width) {
        int a1 = a0 + stride;
        int b1 = b0 + stride;
        int b2 = b1 + stride;
        int b3 = b2 + stride;
        FloatVector s00 = FloatVector.zero(SPECIES);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s03 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s13 = s00;
        for (int d = 0; d < stride; d += SPECIES.length()) {
            FloatVector x0 = FloatVector.fromArray(SPECIES, a, a0 + d);
            FloatVector x1 = FloatVector.fromArray(SPECIES, a, a1 + d);
            FloatVector y = FloatVector.fromArray(SPECIES, b, b0 + d);
            s00 = addSquare(x0.sub(y), s00);
            s10 = addSquare(x1.sub(y), s10);
            y = FloatVector.fromArray(SPECIES, b, b1 + d);
            s01 = addSquare(x0.sub(y), s01);
            s11 = addSquare(x1.sub(y), s11);
            y = FloatVector.fromArray(SPECIES, b, b2 + d);
            s02 = addSquare(x0.sub(y), s02);
            s12 = addSquare(x1.sub(y), s12);
            y = FloatVector.fromArray(SPECIES, b, b3 + d);
            s03 = addSquare(x0.sub(y), s03);
            s13 = addSquare(x1.sub(y), s13);
        }
        into[at] = -s00.reduceLanes(VectorOperators.ADD);
        into[at + 1] = -s01.reduceLanes(VectorOperators.ADD);
        into[at + 2] = -s02.reduceLanes(VectorOperators.ADD);
        into[at + 3] = -s03.reduceLanes(VectorOperators.ADD);
        into[at + width] = -s10.reduceLanes(VectorOperators.ADD);
        into[at + width + 1] = -s11.reduceLanes(VectorOperators.ADD);
        into[at + width + 2] = -s12.reduceLanes(VectorOperators.ADD);
        into[at + width + 3] = -s13.reduceLanes(VectorOperators.ADD);
    }

    private static FloatVector addSquare(FloatVector difference, FloatVector sum) {
        return difference.fma(difference, sum);
    }

    @Override
    public float score(float nearness) {
        return 0 - (float) Math.sqrt(-nearness);
    }
}
