package io.datapunk.tiering.policy;

import java.time.Duration;

/**
 * The numbers of the threshold policy.
 *
 * @param windows over which heat is measured
 * @param promoteToHot over the hot window: at this rate a partition becomes hot
 * @param leaveHot over the hot window: below this rate it leaves; below {@code promoteToHot}
 * @param goCold over the cold window: below this rate it goes cold; below {@code leaveCold}
 * @param leaveCold over the warm window: at this rate it comes back
 * @param minimumAge nothing goes cold within this time after a write; without an access for so long, a partition goes
 *     cold whatever the rates say
 * @param minimumResidence nothing goes cold within this time after its files moved
 * @param hotAge without an access for so long, a partition leaves the hot tier whatever the rates say
 * @param sizeFloor in bytes; smaller partitions stay warm
 */
public record ThresholdSettings(
        HeatWindows windows,
        Rate promoteToHot,
        Rate leaveHot,
        Rate goCold,
        Rate leaveCold,
        Duration minimumAge,
        Duration minimumResidence,
        Duration hotAge,
        long sizeFloor) {
    public static final ThresholdSettings DEFAULT = new ThresholdSettings(
            HeatWindows.DEFAULT,
            Rate.perHour(10),
            Rate.perDay(1),
            Rate.perWeek(1),
            Rate.perDay(1),
            Duration.ofDays(90),
            Duration.ofDays(28),
            Duration.ofDays(30),
            1L << 20);

    public ThresholdSettings {
        if (!leaveHot.isBelow(promoteToHot)) {
            throw new IllegalArgumentException("leaving hot (" + leaveHot + ") has to lie below promotion ("
                    + promoteToHot + "), or partitions go to and fro");
        }
        if (!goCold.isBelow(leaveCold)) {
            throw new IllegalArgumentException("going cold (" + goCold + ") has to lie below coming back (" + leaveCold
                    + "), or partitions go to and fro");
        }
        requirePositive("minimum age", minimumAge);
        requirePositive("minimum residence", minimumResidence);
        requirePositive("hot age", hotAge);
        if (sizeFloor < 0) {
            throw new IllegalArgumentException("the size floor cannot be negative: " + sizeFloor + " bytes");
        }
    }

    private static void requirePositive(String what, Duration duration) {
        if (duration.isNegative() || duration.isZero()) {
            throw new IllegalArgumentException("the " + what + " has to be positive, not " + duration);
        }
    }
}
