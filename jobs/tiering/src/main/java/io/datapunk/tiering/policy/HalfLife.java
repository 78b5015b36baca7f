package io.datapunk.tiering.policy;

import java.time.Duration;

/** How weight fades with time. The powers are worked out once: heat needs one for each hour of each partition. */
final class HalfLife {
    /** Hours of 90 d, as far as accesses are kept by default; longer ones are worked out when they are asked for. */
    private static final int KNOWN_HOURS = 90 * 24;

    private final double perHour;
    private final double[] powers = new double[KNOWN_HOURS + 1];

    HalfLife(Duration length) {
        perHour = Math.pow(0.5, 1.0 / length.toHours());
        for (int hours = 0; hours < powers.length; hours++) {
            powers[hours] = Math.pow(perHour, hours);
        }
    }

    /** The weight that is left after so many hours. */
    double after(long hours) {
        return hours < powers.length ? powers[(int) hours] : Math.pow(perHour, hours);
    }

    /** The weight of so many hours together, the newest one being 1. */
    double ofHours(long hours) {
        return (1 - after(Math.max(hours, 1))) / (1 - perHour);
    }
}
