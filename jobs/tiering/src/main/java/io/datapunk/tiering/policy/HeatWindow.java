package io.datapunk.tiering.policy;

import java.time.Duration;
import java.time.Instant;

/**
 * How heat is measured: {@code Σ nᵢ·dⁱ / Σ dⁱ} over the hourly buckets of a window, a weighted mean in accesses per
 * hour. Bucket 0 is the clock hour that now lies in, so what was read a minute ago counts.
 *
 * @param length whole hours, one at least
 * @param decay the weight that is left after {@code decayEvery}, above 0 and at most 1; 1 forgets nothing
 * @param decayEvery positive
 */
public record HeatWindow(Duration length, double decay, Duration decayEvery) {
    /** 24 h, 0.95 per hour: a half-life of 13.5 h. */
    public static final HeatWindow HOT = new HeatWindow(Duration.ofHours(24), 0.95, Duration.ofHours(1));

    /** 72 h, 0.85 per day: per hour it would forget faster than the hot window. */
    public static final HeatWindow WARM = new HeatWindow(Duration.ofHours(72), 0.85, Duration.ofDays(1));

    /** 90 d without decay. */
    public static final HeatWindow COLD = new HeatWindow(Duration.ofDays(90), 1, Duration.ofHours(1));

    public HeatWindow {
        if (length.toHours() < 1 || !length.equals(Duration.ofHours(length.toHours()))) {
            throw new IllegalArgumentException("a heat window has to last whole hours, not " + length);
        }
        if (!(decay > 0 && decay <= 1)) {
            throw new IllegalArgumentException("a decay has to lie above 0 and at most at 1, not at " + decay);
        }
        if (decayEvery.isNegative() || decayEvery.isZero()) {
            throw new IllegalArgumentException("a decay has to happen every positive duration, not " + decayEvery);
        }
    }

    /** The heat of these accesses at {@code now}; buckets in the future count as nothing. */
    public Rate heat(Accesses accesses, Instant now) {
        long currentHour = Accesses.hourOf(now);
        int hours = (int) length.toHours();
        double weighted = 0;
        for (int bucket = accesses.firstFrom(currentHour - hours + 1); bucket < accesses.buckets(); bucket++) {
            long age = currentHour - accesses.hour(bucket);
            if (age >= 0) {
                weighted += accesses.count(bucket) * weight(age);
            }
        }
        return new Rate(weighted / totalWeight(hours));
    }

    private double weight(long age) {
        return decay == 1 ? 1 : Math.pow(decay, age * 3600.0 / decayEvery.toSeconds());
    }

    private double totalWeight(int hours) {
        if (decay == 1) {
            return hours;
        }
        double perHour = weight(1);
        return (1 - Math.pow(perHour, hours)) / (1 - perHour);
    }

    @Override
    public String toString() {
        return Durations.text(length);
    }
}
