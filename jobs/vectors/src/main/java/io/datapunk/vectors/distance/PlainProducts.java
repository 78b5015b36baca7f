package io.datapunk.vectors.distance;

/** Dot products in plain Java: eight sums, as one would wait for each addition to end before it began the next. */
final class PlainProducts extends PlainKernel {
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
            s0 += a[i] * b[j];
            s1 += a[i + 1] * b[j + 1];
            s2 += a[i + 2] * b[j + 2];
            s3 += a[i + 3] * b[j + 3];
            s4 += a[i + 4] * b[j + 4];
            s5 += a[i + 5] * b[j + 5];
            s6 += a[i + 6] * b[j + 6];
            s7 += a[i + 7] * b[j + 7];
        }
        return s0 + s1 + s2 + s3 + s4 + s5 + s6 + s7;
    }

    @Override
    public float score(float nearness) {
        return nearness;
    }
}
