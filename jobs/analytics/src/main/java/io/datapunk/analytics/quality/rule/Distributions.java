package io.datapunk.analytics.quality.rule;

import java.util.Arrays;
import org.apache.commons.math3.distribution.ChiSquaredDistribution;

/**
 * How often values occurred in two times, by the population stability index: the sum over buckets of the difference of their
 * shares times the logarithm of their ratio. From 0.25 on, a population is commonly held to have shifted (Siddiqi, Credit Risk
 * Scorecards, 2006); with few values chance alone exceeds that, so the limit is at least what one sample in a hundred exceeds
 * (Yurdakul, Statistical Properties of Population Stability Index, 2018).
 *
 * @param before occurrences by bucket
 * @param after of the same buckets
 */
public record Distributions(long[] before, long[] after) {
    /** Buckets of numbers. */
    public static final int BUCKETS = 10;

    /** Values that are buckets of their own; all others are one together. */
    public static final int MOST_VALUES = 20;

    private static final double SHIFTED = 0.25;
    private static final double CONFIDENCE = 0.99;
    /** Added to each bucket, for one that is empty has no logarithm. */
    private static final double SMOOTHING = 0.5;

    /** @param allBefore occurrences of all values, of which the buckets have some */
    public static Distributions withRest(long[] before, long[] after, long allBefore, long allAfter) {
        return new Distributions(withRest(before, allBefore), withRest(after, allAfter));
    }

    public double index() {
        double all = Arrays.stream(before).sum() + SMOOTHING * before.length;
        double allAfter = Arrays.stream(after).sum() + SMOOTHING * after.length;
        double index = 0;
        for (int i = 0; i < before.length; i++) {
            double share = (before[i] + SMOOTHING) / all;
            double shareAfter = (after[i] + SMOOTHING) / allAfter;
            index += (shareAfter - share) * Math.log(shareAfter / share);
        }
        return index;
    }

    /** Above, the distribution has shifted. */
    public double limit() {
        long all = Arrays.stream(before).sum();
        long allAfter = Arrays.stream(after).sum();
        int freedom = used() - 1;
        if (all == 0 || allAfter == 0 || freedom < 1) {
            return SHIFTED;
        }
        double chance = new ChiSquaredDistribution(freedom).inverseCumulativeProbability(CONFIDENCE)
                * (1.0 / all + 1.0 / allAfter);
        return Math.max(SHIFTED, chance);
    }

    /** The index as a share of its limit; 0 where one of the times has no values. */
    public double shift() {
        return Arrays.stream(before).sum() == 0 || Arrays.stream(after).sum() == 0 ? 0 : index() / limit();
    }

    private int used() {
        int used = 0;
        for (int i = 0; i < before.length; i++) {
            used += before[i] + after[i] > 0 ? 1 : 0;
        }
        return used;
    }

    private static long[] withRest(long[] counts, long all) {
        long[] withRest = Arrays.copyOf(counts, counts.length + 1);
        withRest[counts.length] = all - Arrays.stream(counts).sum();
        return withRest;
    }
}
