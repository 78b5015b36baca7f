package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DATE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/** How much room the lake takes, and where that is going. */
public final class StorageTables {
    public static final String SUBJECT = "subject";
    public static final String NAME = "name";
    public static final String METRIC = "metric";
    public static final String VALUE = "value";
    public static final String DAY = "day";
    public static final String BYTES = "bytes";
    public static final String LOW = "low";
    public static final String HIGH = "high";
    public static final String CAPACITY = "capacity";

    /** What was measured, run by run. */
    public static final TableDefinition MEASURED = PublishedColumns.byMonth(
            new DatasetName(PublishedColumns.TIME_SERIES, "storage"),
            "How much room the lake takes, as it was measured.",
            List.of(SUBJECT, NAME, METRIC),
            Column.required(SUBJECT, STRING, "lake, tier, dataset, volume or postgres"),
            Column.required(NAME, STRING, "Which one of them"),
            Column.required(METRIC, STRING, "What was measured, with its unit where it has one, as bytes"),
            Column.required(VALUE, DOUBLE, "In that unit"));

    /** What is foreseen, of the last run. */
    public static final TableDefinition FORESEEN = PublishedColumns.whole(
            new DatasetName(PublishedColumns.TIME_SERIES, "capacity"),
            "How much room the lake will take in the next six months.",
            List.of(SUBJECT, NAME, DAY),
            Column.required(SUBJECT, STRING, "lake, tier, volume or postgres"),
            Column.required(NAME, STRING, "Which one of them"),
            Column.required(DAY, DATE, "Day in UTC"),
            Column.required(BYTES, DOUBLE, "What is expected"),
            Column.required(LOW, DOUBLE, "With a confidence of 95 % it is more"),
            Column.required(HIGH, DOUBLE, "and less"),
            Column.optional(CAPACITY, DOUBLE, "Bytes that there is room for, where that is known"));

    private StorageTables() {}
}
