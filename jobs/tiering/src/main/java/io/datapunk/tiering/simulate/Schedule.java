package io.datapunk.tiering.simulate;

import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.policy.Prices;

/** Where a partition lay in each hour. It began warm and settled; a move is paid in the hour that it leads to. */
final class Schedule {
    private Schedule() {}

    /** Dollars for a partition that lay in these tiers. */
    static double cost(Prices prices, long bytes, long[] accesses, Tier[] tiers) {
        double cost = 0;
        Tier previous = Tier.WARM;
        long stayed = Long.MAX_VALUE;
        for (int hour = 0; hour < tiers.length; hour++) {
            if (tiers[hour] != previous) {
                cost += leave(prices, previous, tiers[hour], bytes, stayed);
                previous = tiers[hour];
                stayed = 0;
            }
            cost += prices.hour(previous, bytes, accesses[hour]);
            stayed += stayed == Long.MAX_VALUE ? 0 : 1;
        }
        return cost;
    }

    /** Dollars to move after so many hours, with the rest of the minimum storage duration. */
    static double leave(Prices prices, Tier from, Tier to, long bytes, long stayed) {
        long rest = Math.max(0, prices.minimumStorage(from).toHours() - stayed);
        return prices.move(from, to, bytes) + rest * prices.storagePerHour(from, bytes);
    }
}
