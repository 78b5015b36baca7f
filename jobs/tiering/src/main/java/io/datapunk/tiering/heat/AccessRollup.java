package io.datapunk.tiering.heat;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.tiering.policy.Accesses;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * Counts accesses by partition and hour. A query counts a partition once, in the hour of its first line, whether it names
 * it several times or scans the whole table beside.
 */
final class AccessRollup {
    /** What a query touched, as its lines say it. */
    record Touch(String queryId, String partition) {}

    /** A partition in a clock hour, in hours since the epoch. */
    record PartitionHour(long hour, String partition) implements Comparable<PartitionHour> {
        @Override
        public int compareTo(PartitionHour other) {
            int byHour = Long.compare(hour, other.hour);
            return byHour != 0 ? byHour : partition.compareTo(other.partition);
        }
    }

    private record DatasetHour(long hour, DatasetName dataset) {}

    private record QueryDataset(String queryId, DatasetName dataset) {}

    private AccessRollup() {}

    /**
     * @param counted what earlier batches counted already
     * @param partitionsOf the partitions that a scan of a whole table touches
     */
    static Map<PartitionHour, Long> count(
            Collection<AccessLine> lines,
            Set<Touch> counted,
            Function<DatasetName, Collection<PartitionName>> partitionsOf) {
        Map<Touch, AccessLine> firstLines = new HashMap<>();
        List<AccessLine> anonymous = new ArrayList<>();
        for (AccessLine line : lines) {
            Optional<Touch> touch = line.queryId().map(query -> new Touch(query, line.partition()));
            if (touch.isEmpty()) {
                anonymous.add(line);
            } else if (!counted.contains(touch.get())) {
                firstLines.merge(touch.get(), line, (one, other) -> other.at().isBefore(one.at()) ? other : one);
            }
        }

        Map<DatasetHour, Long> wholeTables = new HashMap<>();
        Set<QueryDataset> scannedWhole = new HashSet<>();
        counted.stream()
                .filter(touch -> touch.partition().endsWith(AccessLine.WHOLE_TABLE))
                .forEach(touch -> scannedWhole.add(new QueryDataset(touch.queryId(), dataset(touch.partition()))));
        firstLines.forEach((touch, line) -> line.wholeTable().ifPresent(dataset -> {
            scannedWhole.add(new QueryDataset(touch.queryId(), dataset));
            wholeTables.merge(new DatasetHour(hour(line), dataset), 1L, Long::sum);
        }));

        Map<PartitionHour, Long> counts = new TreeMap<>();
        firstLines.forEach((touch, line) -> {
            boolean single = line.wholeTable().isEmpty();
            if (single && !scannedWhole.contains(new QueryDataset(touch.queryId(), line.dataset()))) {
                counts.merge(new PartitionHour(hour(line), line.partition()), 1L, Long::sum);
            }
        });
        for (AccessLine line : anonymous) {
            if (line.wholeTable().isPresent()) {
                wholeTables.merge(new DatasetHour(hour(line), line.wholeTable().get()), line.accesses(), Long::sum);
            } else {
                counts.merge(new PartitionHour(hour(line), line.partition()), line.accesses(), Long::sum);
            }
        }
        // Expanded once for each hour, not once for each query: a table may have a million partitions.
        wholeTables.forEach((scan, accesses) -> {
            for (PartitionName partition : partitionsOf.apply(scan.dataset())) {
                counts.merge(new PartitionHour(scan.hour(), partition.toString()), accesses, Long::sum);
            }
        });
        return counts;
    }

    private static long hour(AccessLine line) {
        return Accesses.hourOf(line.at());
    }

    private static DatasetName dataset(String wholeTable) {
        return DatasetName.parse(wholeTable.substring(0, wholeTable.length() - AccessLine.WHOLE_TABLE.length()));
    }
}
