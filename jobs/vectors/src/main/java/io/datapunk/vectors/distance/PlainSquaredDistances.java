package io.datapunk.vectors.distance;

/** Squared distances in plain Java, in eight sums as {@link PlainProducts}. */
final class PlainSquaredDistances extends PlainKernel {
    @Override
    public float nearness(float[] a, int aFrom, float[] b, int bFrom, int stride) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        for (int d = 0; d < stride; d += 8) {
            int i = aFrom + d;
            int j = bFrom + d;
            s0 += square(a[i] - b[j]);
            s1 += square(a[i + 1] - b[j + 1]);
            s2 += square(a[i + 2] - b[j + 2]);
            s3 += square(a[i + 3] - b[j + 3]);
            s4 += square(a[i + 4] - b[j + 4]);
            s5 += square(a[i + 5] - b[j + 5]);
            s6 += square(a[i + 6] - b[j + 6]);
            s7 += square(a[i + 7] - b[j + 7]);
        }
        return -(s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7);
    }

    private static float square(float difference) {
        return difference * difference;
    }

    @Override
    public float score(float nearness) {
        return 0 - (float) Math.sqrt(-nearness);
    }
}
