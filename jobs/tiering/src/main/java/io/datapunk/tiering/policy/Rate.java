package io.datapunk.tiering.policy;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How often something happens.
 *
 * @param perHour events per hour, finite and not negative
 */
public record Rate(double perHour) implements Comparable<Rate> {
    public static final Rate ZERO = new Rate(0);

    /** Lets 1/24 per hour read as 1/day although the division is not exact. */
    private static final double TOLERANCE = 1e-9;

    private static final double HOURS_PER_DAY = 24;
    private static final double HOURS_PER_WEEK = 7 * HOURS_PER_DAY;

    public Rate {
        if (!(perHour >= 0) || Double.isInfinite(perHour)) {
            throw new IllegalArgumentException(
                    "a rate has to be finite and not negative, not " + perHour + " per hour");
        }
    }

    public static Rate perHour(double events) {
        return new Rate(events);
    }

    public static Rate perDay(double events) {
        return new Rate(events / HOURS_PER_DAY);
    }

    public static Rate perWeek(double events) {
        return new Rate(events / HOURS_PER_WEEK);
    }

    public boolean isBelow(Rate other) {
        return perHour < other.perHour;
    }

    @Override
    public int compareTo(Rate other) {
        return Double.compare(perHour, other.perHour);
    }

    /** In the largest unit that keeps the number at 1 or above, as {@code 12.5/h}, {@code 3/day}, {@code 0.2/week}. */
    @Override
    public String toString() {
        if (perHour == 0) {
            return "0/week";
        }
        if (perHour >= 1 - TOLERANCE) {
            return number(perHour) + "/h";
        }
        if (perHour * HOURS_PER_DAY >= 1 - TOLERANCE) {
            return number(perHour * HOURS_PER_DAY) + "/day";
        }
        return number(perHour * HOURS_PER_WEEK) + "/week";
    }

    // Cut off, not rounded: 9.999/h must not read as the 10/h that it did not reach.
    private static String number(double value) {
        BigDecimal cut = BigDecimal.valueOf(value + TOLERANCE).setScale(2, RoundingMode.DOWN);
        return cut.stripTrailingZeros().toPlainString();
    }
}
