package io.datapunk.tiering.simulate;

import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.Prices;
import java.util.Arrays;

/**
 * The cheapest schedule of one partition that hindsight allows, by an exact dynamic program over tiers and hours (Viterbi):
 * {@code O(hours · tiers²)}. Where a tier has a minimum storage duration, the hours stayed are part of the state. It keeps
 * the rules of the replay: warm in the first hour, a move is in effect from the next hour on.
 */
final class OfflineOptimum {
    private static final Tier[] TIERS = Tier.values();

    private final Prices prices;
    private final long bytes;
    /** The first state of each tier; a state is a tier and the hours stayed, up to its minimum. */
    private final int[] begin = new int[TIERS.length + 1];

    OfflineOptimum(Prices prices, long bytes) {
        this.prices = prices;
        this.bytes = bytes;
        for (int tier = 0; tier < TIERS.length; tier++) {
            begin[tier + 1] = begin[tier]
                    + Math.toIntExact(prices.minimumStorage(TIERS[tier]).toHours())
                    + 1;
        }
    }

    /** Dollars of the cheapest schedule. */
    double cost(long[] accesses) {
        return solve(accesses, new double[accesses.length], null, new Tier[0]);
    }

    /**
     * The cheapest schedule where hot space has a price.
     *
     * @param hotSpacePrices dollars for a byte of hot space in each hour
     * @param tiers takes the schedule
     * @return its dollars, hot space included
     */
    double cost(long[] accesses, double[] hotSpacePrices, Tier[] tiers) {
        return solve(accesses, hotSpacePrices, new int[accesses.length][], tiers);
    }

    /** @param origins the state that each state of each hour came from; null where no schedule is wanted */
    private double solve(long[] accesses, double[] hotSpacePrices, int[][] origins, Tier[] tiers) {
        int states = begin[TIERS.length];
        double[] values = new double[states];
        Arrays.fill(values, Double.POSITIVE_INFINITY);
        values[begin[Tier.WARM.ordinal() + 1] - 1] = 0;
        for (int hour = 0; hour < accesses.length; hour++) {
            double[] next = new double[states];
            int[] from = new int[states];
            Arrays.fill(next, Double.POSITIVE_INFINITY);
            stay(values, next, from);
            if (hour > 0) {
                move(values, next, from);
            }
            for (int tier = 0; tier < TIERS.length; tier++) {
                double cost = prices.hour(TIERS[tier], bytes, accesses[hour])
                        + (TIERS[tier] == Tier.HOT ? hotSpacePrices[hour] * bytes : 0);
                for (int state = begin[tier]; state < begin[tier + 1]; state++) {
                    next[state] += cost;
                }
            }
            values = next;
            if (origins != null) {
                origins[hour] = from;
            }
        }
        int best = 0;
        for (int state = 1; state < states; state++) {
            best = values[state] < values[best] ? state : best;
        }
        if (origins != null) {
            int state = best;
            for (int hour = accesses.length - 1; hour >= 0; hour--) {
                tiers[hour] = tier(state);
                state = origins[hour][state];
            }
        }
        return accesses.length == 0 ? 0 : values[best];
    }

    private void stay(double[] values, double[] next, int[] from) {
        for (int tier = 0; tier < TIERS.length; tier++) {
            for (int state = begin[tier]; state < begin[tier + 1]; state++) {
                relax(next, from, Math.min(state + 1, begin[tier + 1] - 1), state, values[state]);
            }
        }
    }

    private void move(double[] values, double[] next, int[] from) {
        for (int old = 0; old < TIERS.length; old++) {
            for (int state = begin[old]; state < begin[old + 1]; state++) {
                if (values[state] == Double.POSITIVE_INFINITY) {
                    continue;
                }
                for (int tier = 0; tier < TIERS.length; tier++) {
                    if (tier != old) {
                        double cost = values[state]
                                + Schedule.leave(prices, TIERS[old], TIERS[tier], bytes, state - begin[old]);
                        relax(next, from, Math.min(begin[tier] + 1, begin[tier + 1] - 1), state, cost);
                    }
                }
            }
        }
    }

    private static void relax(double[] next, int[] from, int state, int origin, double cost) {
        if (cost < next[state]) {
            next[state] = cost;
            from[state] = origin;
        }
    }

    private Tier tier(int state) {
        int tier = 0;
        while (state >= begin[tier + 1]) {
            tier++;
        }
        return TIERS[tier];
    }
}
