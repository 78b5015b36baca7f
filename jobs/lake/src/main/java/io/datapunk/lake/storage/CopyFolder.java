package io.datapunk.lake.storage;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Where the copies of a partition's files lie below a location: by dataset, year and month. */
final class CopyFolder {
    private static final String DATE = "\\d{4}(-\\d{2}){1,2}";

    private CopyFolder() {}

    /** As {@code user_data/activity}. */
    static String of(DatasetName dataset) {
        return dataset.schema() + "/" + dataset.name();
    }

    /** As {@code user_data/activity/2026/01}; values that are no dates are kept as they are, URL-encoded. */
    static String of(PartitionName partition) {
        String dataset = of(partition.dataset());
        return partition
                .value()
                .map(PartitionValue::value)
                .map(value -> dataset + "/"
                        + (value.matches(DATE)
                                ? value.replace('-', '/')
                                : URLEncoder.encode(value, StandardCharsets.UTF_8)))
                .orElse(dataset);
    }
}
