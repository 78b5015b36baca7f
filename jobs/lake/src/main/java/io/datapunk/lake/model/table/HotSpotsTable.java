package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.INT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/** The partitions of a dataset that are read most. */
public final class HotSpotsTable {
    public static final String DATASET = "dataset";
    public static final String RANK = "rank";
    public static final String PARTITION = "partition";
    public static final String ACCESSES = "accesses";
    public static final String SHARE = "share";
    public static final String DAYS = "days";

    public static final TableDefinition DEFINITION = PublishedColumns.byMonth(
            new DatasetName(PublishedColumns.ANALYTICS, "hot_spots"),
            "The partitions of each dataset that were read most, by month of reading.",
            List.of(DATASET, RANK),
            Column.required(DATASET, STRING, "Dataset"),
            Column.required(RANK, INT, "1 for the most; the same for equal ones"),
            Column.required(PARTITION, STRING, "Partition's name"),
            Column.required(ACCESSES, LONG, "How many in the month"),
            Column.required(SHARE, DOUBLE, "Of the dataset's accesses in the month, 0 to 1"),
            Column.required(DAYS, LONG, "On how many days it was read"));

    private HotSpotsTable() {}
}
