package io.datapunk.tiering.simulate;

import io.datapunk.lake.model.PartitionName;
import io.datapunk.tiering.policy.Accesses;
import java.util.List;

/**
 * Recorded accesses of partitions, hour by hour.
 *
 * @param firstHour hours since the epoch; recording began there
 * @param hours how many were recorded
 * @param partitions sorted by name
 */
public record Trace(long firstHour, int hours, List<Partition> partitions) {
    /** One partition, with all of its accesses. */
    public record Partition(PartitionName name, long bytes, Accesses accesses) {
        public Partition {
            if (bytes < 1) {
                throw new IllegalArgumentException(name + " cannot have " + bytes + " bytes");
            }
        }

        /** The accesses of each hour from one on. */
        long[] byHour(long firstHour, int hours) {
            long[] counts = new long[hours];
            for (int bucket = 0; bucket < accesses.buckets(); bucket++) {
                long at = accesses.hour(bucket) - firstHour;
                if (at >= 0 && at < hours) {
                    counts[(int) at] = accesses.count(bucket);
                }
            }
            return counts;
        }
    }

    public Trace {
        partitions = List.copyOf(partitions);
    }

    public long bytes() {
        return partitions.stream().mapToLong(Partition::bytes).sum();
    }
}
