package io.datapunk.tiering.policy;

import java.time.Duration;

/**
 * The numbers of the age policy.
 *
 * @param windows over which heat is measured, for people and for ranks; it decides nothing
 * @param hotAge time since the last access or write up to which a partition is hot
 * @param warmAge time up to which it is warm; longer than {@code hotAge}
 * @param sizeFloor in bytes; smaller partitions stay warm
 */
public record AgeSettings(HeatWindows windows, Duration hotAge, Duration warmAge, long sizeFloor) {
    public static final AgeSettings DEFAULT =
            new AgeSettings(HeatWindows.DEFAULT, Duration.ofDays(30), Duration.ofDays(90), 1L << 20);

    public AgeSettings {
        if (hotAge.isNegative() || hotAge.compareTo(warmAge) >= 0) {
            throw new IllegalArgumentException("the hot age (" + hotAge + ") has to be shorter than the warm age ("
                    + warmAge + ") and not negative");
        }
        if (sizeFloor < 0) {
            throw new IllegalArgumentException("the size floor cannot be negative: " + sizeFloor + " bytes");
        }
    }
}
