package io.datapunk.tiering.simulate;

import io.datapunk.lake.model.Tier;

/** Who decides in a replay. Knows the accesses up to an hour, and says where each partition lies in the next one. */
interface Contender {
    String name();

    /**
     * The tiers of the next hour, one for each partition of the trace.
     *
     * @param hour the hour that just passed, since the epoch
     * @param current the tiers in that hour
     */
    Tier[] next(long hour, Tier[] current);
}
