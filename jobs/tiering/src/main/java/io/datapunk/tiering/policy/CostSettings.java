package io.datapunk.tiering.policy;

import java.time.Duration;

/**
 * The numbers of the cost policy.
 *
 * @param caution λ of Purohit, Svitkina and Kumar (NeurIPS 2018), from 0 to 1: how much of a round trip's price has to be
 *     lost before the forecast is followed (λ) or overruled (1/λ). 0 trusts the forecast alone, 1 ignores it
 * @param horizon how far the forecast looks
 * @param history how far back accesses are kept: what lies before looks silent, and proves nothing
 * @param sizeFloor in bytes; smaller partitions stay warm
 */
public record CostSettings(double caution, Duration horizon, Duration history, long sizeFloor) {
    public static final CostSettings DEFAULT =
            new CostSettings(0.01, Duration.ofDays(28), Duration.ofDays(90), 1L << 20);

    public CostSettings {
        if (!(caution >= 0 && caution <= 1)) {
            throw new IllegalArgumentException("caution has to lie between 0 and 1, not at " + caution);
        }
        if (horizon.toHours() < 1 || history.toHours() < 1) {
            throw new IllegalArgumentException(
                    "horizon and history have to last an hour at least, not " + horizon + " and " + history);
        }
        if (sizeFloor < 0) {
            throw new IllegalArgumentException("the size floor cannot be negative: " + sizeFloor + " bytes");
        }
    }
}
