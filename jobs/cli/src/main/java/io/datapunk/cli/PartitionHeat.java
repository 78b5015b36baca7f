package io.datapunk.cli;

import io.datapunk.tiering.policy.Heat;
import java.time.Instant;

/**
 * A partition's heat, in accesses per hour as each tier's window weighs them.
 *
 * @param lastAccess begin of the hour; null where none is known
 */
record PartitionHeat(double hotPerHour, double warmPerHour, double coldPerHour, Instant lastAccess) {
    static PartitionHeat of(Heat heat) {
        return new PartitionHeat(
                heat.hot().perHour(),
                heat.warm().perHour(),
                heat.cold().perHour(),
                heat.lastAccess().orElse(null));
    }
}
