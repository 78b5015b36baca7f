package io.datapunk.analytics.capacity;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.stat.StatUtils;

/**
 * Days on which a size changed far more than it does from day to day, such as when a large export came in: told as anomalies,
 * and taken out of what a trend is made of.
 */
final class Jumps {
    /** Of the median distance from the median, scaled to standard deviations. */
    private static final double UNUSUAL = 5;

    private static final double SCALE = 1.4826;
    /** What changes a size by less than this share is none. */
    private static final double LEAST = 0.02;

    private Jumps() {}

    /**
     * One of these days.
     *
     * @param change by how much more the size changed than on the median day
     */
    public record Jump(LocalDate day, double change) {}

    /** @param sizes by successive days */
    static List<Jump> of(double[] sizes, LocalDate first) {
        if (sizes.length < 3) {
            return List.of();
        }
        double[] changes = changes(sizes);
        double median = StatUtils.percentile(changes, 50);
        double spread = SCALE
                * StatUtils.percentile(
                        Arrays.stream(changes)
                                .map(change -> Math.abs(change - median))
                                .toArray(),
                        50);
        List<Jump> jumps = new ArrayList<>();
        for (int day = 0; day < changes.length; day++) {
            double change = changes[day] - median;
            if (Math.abs(change) > UNUSUAL * spread
                    && Math.abs(change) > LEAST * Math.max(sizes[day], sizes[day + 1])) {
                jumps.add(new Jump(first.plusDays(day + 1L), change));
            }
        }
        return jumps;
    }

    /** The sizes as they had been if each jump's change had always been there. */
    static double[] without(List<Jump> jumps, double[] sizes, LocalDate first) {
        double[] smooth = sizes.clone();
        for (Jump jump : jumps) {
            long until = jump.day().toEpochDay() - first.toEpochDay();
            for (int day = 0; day < until; day++) {
                smooth[day] += jump.change();
            }
        }
        return smooth;
    }

    private static double[] changes(double[] sizes) {
        double[] changes = new double[sizes.length - 1];
        for (int day = 0; day < changes.length; day++) {
            changes[day] = sizes[day + 1] - sizes[day];
        }
        return changes;
    }
}
