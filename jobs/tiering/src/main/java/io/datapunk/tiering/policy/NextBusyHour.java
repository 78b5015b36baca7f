package io.datapunk.tiering.policy;

import io.datapunk.lake.model.Tier;

/**
 * The next hour with accesses, as far as it can be expected. A partition may lie in a colder tier until then and come up
 * after it, so a hotter tier is sure to save this one hour's accesses and no more.
 *
 * @param chance that there is one within the horizon
 * @param accesses in it; none where there is none
 * @param hours until it has passed, at most the horizon
 * @param seen how many such hours this rests on
 */
record NextBusyHour(double chance, double accesses, double hours, double seen) {
    /** The same with one standard error more of what was counted. */
    NextBusyHour high() {
        double more = 1 + 1 / Math.sqrt(seen + 1);
        return new NextBusyHour(Math.min(1, chance * more), accesses * more, hours, seen);
    }

    /** Dollars that the hotter tier saves until then, and for the way up that is saved with them. */
    double worth(Prices prices, long bytes, Tier hotter, Tier colder) {
        return accesses * (prices.access(colder, bytes) - prices.access(hotter, bytes))
                + chance * prices.move(colder, hotter, bytes)
                - hours * (prices.storagePerHour(hotter, bytes) - prices.storagePerHour(colder, bytes));
    }
}
