package io.datapunk.tiering.heat;

import io.datapunk.lake.model.PartitionName;
import io.datapunk.tiering.policy.Rate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/**
 * Makes up accesses for a demonstration that cannot wait for months. The same seed gives the same accesses; their origin
 * is {@code import}, their principal {@value #PRINCIPAL}, so that nobody takes them for real ones.
 */
public final class SimulatedAccesses {
    public static final String PRINCIPAL = "simulated";

    private final Random random;
    private final List<AccessLine> lines = new ArrayList<>();

    public SimulatedAccesses(long seed) {
        this.random = new Random(seed);
    }

    /**
     * Adds accesses to a partition at random moments of each hour, at a mean rate.
     *
     * @param from inclusive
     * @param until exclusive
     */
    public SimulatedAccesses read(PartitionName partition, Rate rate, Instant from, Instant until) {
        for (Instant hour = from; hour.isBefore(until); hour = hour.plus(Duration.ofHours(1))) {
            // The fraction by chance, so that 1/day comes about once a day.
            long accesses = (long) rate.perHour() + (random.nextDouble() < rate.perHour() % 1 ? 1 : 0);
            for (long access = 0; access < accesses; access++) {
                Instant at = hour.plusMillis(
                        (long) (random.nextDouble() * Duration.ofHours(1).toMillis()));
                if (at.isBefore(until)) {
                    lines.add(new AccessLine(
                            at,
                            partition.toString(),
                            "import",
                            1,
                            Optional.of(PRINCIPAL),
                            Optional.of("simulated-%016x".formatted(random.nextLong()))));
                }
            }
        }
        return this;
    }

    /** The accesses so far, as {@link AccessSpool#write} takes them. */
    public List<AccessLine> lines() {
        return List.copyOf(lines);
    }
}
