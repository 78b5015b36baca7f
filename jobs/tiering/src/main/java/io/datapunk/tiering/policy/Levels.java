package io.datapunk.tiering.policy;

/** Rates of access by powers of two, those without any access apart. */
final class Levels {
    static final int COUNT = 64;

    private static final int LOWEST_EXPONENT = -16;

    private Levels() {}

    static int of(double perHour) {
        if (perHour <= 0) {
            return 0;
        }
        int exponent = Math.getExponent(perHour) - LOWEST_EXPONENT;
        return Math.max(1, Math.min(COUNT - 1, exponent + 1));
    }
}
