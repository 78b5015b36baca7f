package io.datapunk.archive.bag;

import io.datapunk.lake.model.PartitionName;
import java.util.Map;
import java.util.Optional;

/** What a package holds of a table, as its {@code bag-info.txt} says. */
public record PackagedRows(PartitionName partition, long rows) {
    private static final String PARTITION = "Lake-Partition";
    private static final String ROWS = "Lake-Rows";

    String toInfo() {
        return PARTITION + ": " + partition + "\n" + ROWS + ": " + rows + "\n";
    }

    /** Empty where it does not say: an export, or a package that an older version has made. */
    static Optional<PackagedRows> parse(Map<String, String> info) {
        return info.containsKey(PARTITION) && info.containsKey(ROWS)
                ? Optional.of(
                        new PackagedRows(PartitionName.parse(info.get(PARTITION)), Long.parseLong(info.get(ROWS))))
                : Optional.empty();
    }
}
