package io.datapunk.lake.model;

import java.io.Serializable;
import java.util.Comparator;
import java.util.Optional;

/**
 * The unit that moves between tiers, named {@code schema.dataset/month=2026-01} everywhere: command line, plan, audit,
 * metrics. A dataset without a partition column is one partition, named like the dataset.
 */
public record PartitionName(DatasetName dataset, Optional<PartitionValue> value)
        implements Comparable<PartitionName>, Serializable {
    private static final Comparator<PartitionName> ORDER = Comparator.comparing(PartitionName::dataset)
            .thenComparing(name -> name.value().map(PartitionValue::toString).orElse(""));

    public static PartitionName of(DatasetName dataset, String column, String value) {
        return new PartitionName(dataset, Optional.of(new PartitionValue(column, value)));
    }

    public static PartitionName whole(DatasetName dataset) {
        return new PartitionName(dataset, Optional.empty());
    }

    /**
     * Reads {@code schema.dataset} or {@code schema.dataset/column=value}.
     *
     * @throws LakeException (usage) where the text has another form
     */
    public static PartitionName parse(String text) {
        int slash = text.indexOf('/');
        if (slash < 0) {
            return whole(DatasetName.parse(text));
        }
        int equals = text.indexOf('=', slash);
        if (equals < 0) {
            throw LakeException.usage(
                    "'" + text + "' is not a partition's name",
                    "behind the / stands column=value",
                    "write it like user_data.activity/month=2026-01; `lake tier status` lists the partitions");
        }
        return of(
                DatasetName.parse(text.substring(0, slash)),
                text.substring(slash + 1, equals),
                text.substring(equals + 1));
    }

    @Override
    public int compareTo(PartitionName other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return value.map(partition -> dataset + "/" + partition).orElseGet(dataset::toString);
    }

    // Optional is not serializable, and partitions travel to Spark tasks.
    private Object writeReplace() {
        return new Serialized(toString());
    }

    private record Serialized(String text) implements Serializable {
        private Object readResolve() {
            return parse(text);
        }
    }
}
