package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DATE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/** How much each person did, by day. */
public final class ActivityDailyTable {
    public static final String USER_ID = "user_id";
    public static final String DAY = "day";
    public static final String PRODUCT = "product";
    public static final String SOURCE = "source";
    public static final String KIND = "kind";
    public static final String EVENTS = "events";

    public static final TableDefinition DEFINITION = PublishedColumns.byMonth(
            new DatasetName(PublishedColumns.ANALYTICS, "activity_daily"),
            "How much each person did, by day, product, source and kind.",
            List.of(USER_ID, DAY),
            Column.required(USER_ID, STRING, "Surrogate of the person"),
            Column.required(DAY, DATE, "Day in UTC").withStatistics(),
            Column.optional(PRODUCT, STRING, "Product that recorded it"),
            Column.required(SOURCE, STRING, "Format that it was parsed from"),
            Column.optional(KIND, STRING, "What was done"),
            Column.required(EVENTS, LONG, "How often"));

    private ActivityDailyTable() {}
}
