package io.datapunk.lake.model;

import java.io.Serializable;

/** The value that a partition stands for: {@code month=2026-01}. */
public record PartitionValue(String column, String value) implements Serializable {
    /** How Delta and Hive write a partition whose rows have no value. */
    public static final String NO_VALUE = "__HIVE_DEFAULT_PARTITION__";

    public PartitionValue {
        if (column.isEmpty() || value.isEmpty()) {
            throw LakeException.usage(
                    "'" + column + "=" + value + "' is not a partition's value",
                    "both the column and the value have to be given",
                    "write it like month=2026-01");
        }
    }

    @Override
    public String toString() {
        return column + "=" + value;
    }
}
