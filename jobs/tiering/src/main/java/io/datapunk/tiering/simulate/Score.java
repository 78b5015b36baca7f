package io.datapunk.tiering.simulate;

/**
 * How a contender did.
 *
 * @param dollars of all partitions
 * @param overOptimum Σ cost ÷ Σ optimum; where hot space is limited, ÷ the lower bound
 * @param meanOverOptimum the mean over partitions of cost ÷ the partition's own optimum
 * @param p95OverOptimum the 95th percentile of the same
 * @param savedAgainstAllHot share of the dollars of all-hot that it saves, negative where it costs more
 * @param movedOverStored bytes moved ÷ bytes stored
 * @param reversalsInDay moves undone within 24 h, for 1000 partition-days
 * @param reversalsInWeek moves undone within 7 d, for 1000 partition-days
 * @param coldShare share of the accesses that were served cold
 * @param fits whether it kept within the hot space
 */
public record Score(
        String policy,
        double dollars,
        double overOptimum,
        double meanOverOptimum,
        double p95OverOptimum,
        double savedAgainstAllHot,
        double savedAgainstAllWarm,
        double savedAgainstAllCold,
        double savedAgainstBestStatic,
        double savedAgainstBreakEven,
        double savedAgainstLru,
        double savedAgainstAge,
        double movedOverStored,
        int moves,
        double reversalsInDay,
        double reversalsInWeek,
        double coldShare,
        boolean fits) {}
