package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.INT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/** When in the week people are active. */
public final class TimeProfileTable {
    public static final String USER_ID = "user_id";
    public static final String DATASET = "dataset";
    public static final String WEEKDAY = "weekday";
    public static final String HOUR = "hour";
    public static final String EVENTS = "events";

    public static final TableDefinition DEFINITION = PublishedColumns.byMonth(
            new DatasetName(PublishedColumns.ANALYTICS, "time_profile"),
            "When in the week a person is active, in the zone that the event has, else in UTC.",
            List.of(USER_ID, DATASET, WEEKDAY, HOUR),
            Column.required(USER_ID, STRING, "Surrogate of the person"),
            Column.required(DATASET, STRING, "Table of the events"),
            Column.required(WEEKDAY, INT, "1 for Monday to 7 for Sunday"),
            Column.required(HOUR, INT, "Hour of the day, 0 to 23"),
            Column.required(EVENTS, LONG, "How many in the month"));

    private TimeProfileTable() {}
}
