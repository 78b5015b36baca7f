package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DATE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.INT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/** How much datasets are read. */
public final class DatasetUsageTable {
    public static final String DATASET = "dataset";
    public static final String DAY = "day";
    public static final String ACCESSES = "accesses";
    public static final String PARTITIONS = "partitions";
    public static final String BUSIEST_HOUR = "busiest_hour";
    public static final String BUSIEST_ACCESSES = "busiest_accesses";

    public static final TableDefinition DEFINITION = PublishedColumns.byMonth(
            new DatasetName(PublishedColumns.ANALYTICS, "dataset_usage"),
            "How much each dataset is read, by day.",
            List.of(DATASET, DAY),
            Column.required(DATASET, STRING, "Dataset"),
            Column.required(DAY, DATE, "Day in UTC").withStatistics(),
            Column.required(ACCESSES, LONG, "A query that touches three partitions is three"),
            Column.required(PARTITIONS, LONG, "Different partitions that were read"),
            Column.required(BUSIEST_HOUR, INT, "Hour with the most accesses, 0 to 23; the first of equal ones"),
            Column.required(BUSIEST_ACCESSES, LONG, "Accesses in that hour"));

    private DatasetUsageTable() {}
}
