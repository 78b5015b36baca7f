package io.datapunk.ingest.job;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What one task does.
 *
 * @param number of the unit in the import; names its staged files and begins its rows' numbers
 */
record WorkUnit(int number, List<WorkItem> items) implements Serializable {
    private static final int MOST_ITEMS = 4_000;

    WorkUnit {
        items = List.copyOf(items);
    }

    long bytes() {
        return items.stream().mapToLong(WorkItem::bytes).sum();
    }

    /**
     * Bins items into units of about {@code targetBytes}, the largest unit first, so that the last tasks to run are
     * short. The same items give the same units.
     */
    static List<WorkUnit> bin(List<WorkItem> items, long targetBytes) {
        List<List<WorkItem>> bins = new ArrayList<>();
        List<WorkItem> open = new ArrayList<>();
        long bytes = 0;
        for (WorkItem item : items) {
            if (item.bytes() >= targetBytes) {
                bins.add(List.of(item));
                continue;
            }
            open.add(item);
            bytes += item.bytes();
            if (bytes >= targetBytes || open.size() >= MOST_ITEMS) {
                bins.add(open);
                open = new ArrayList<>();
                bytes = 0;
            }
        }
        if (!open.isEmpty()) {
            bins.add(open);
        }
        List<WorkUnit> units = new ArrayList<>();
        for (List<WorkItem> bin : bins) {
            units.add(new WorkUnit(units.size(), bin));
        }
        units.sort(Comparator.comparingLong(WorkUnit::bytes).reversed().thenComparingInt(WorkUnit::number));
        return units;
    }
}
