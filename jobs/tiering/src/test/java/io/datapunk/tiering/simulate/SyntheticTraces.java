package io.datapunk.tiering.simulate;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.tiering.policy.Accesses;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Traces of our own: partitions that are busy by day, read in rare bursts, fading since their birth, or never read. The
 * same seed gives the same trace.
 */
final class SyntheticTraces {
    static final long GB = 1_000_000_000;
    private static final long FIRST_HOUR = 490_000;

    private SyntheticTraces() {}

    static Trace mixed(long seed, int partitions, int days) {
        Random random = new Random(seed);
        List<Trace.Partition> made = new ArrayList<>();
        for (int number = 0; number < partitions; number++) {
            Map<Long, Long> counts = new HashMap<>();
            double rate = Math.exp(random.nextGaussian() * 2);
            int birth = random.nextInt(days * 24);
            for (int hour = 0; hour < days * 24; hour++) {
                double mean =
                        switch (number % 4) {
                            case 0 -> rate * (1 + Math.sin(hour % 24 / 24.0 * 2 * Math.PI));
                            case 1 -> random.nextInt(200) == 0 ? 50 * rate : 0;
                            case 2 -> hour < birth ? 0 : 5 * rate / (1 + (hour - birth) / 24.0);
                            default -> 0;
                        };
                long count = (long) mean + (random.nextDouble() < mean % 1 ? 1 : 0);
                counts.put(FIRST_HOUR + hour, count);
            }
            made.add(partition("%04d".formatted(number), counts));
        }
        return new Trace(FIRST_HOUR, days * 24, made);
    }

    static Trace of(long... counts) {
        Map<Long, Long> byHour = new HashMap<>();
        for (int hour = 0; hour < counts.length; hour++) {
            byHour.put(FIRST_HOUR + hour, counts[hour]);
        }
        return new Trace(FIRST_HOUR, counts.length, List.of(partition("a", byHour)));
    }

    private static Trace.Partition partition(String value, Map<Long, Long> counts) {
        return new Trace.Partition(
                PartitionName.of(new DatasetName("trace", "partitions"), "partition", value), GB, Accesses.of(counts));
    }
}
