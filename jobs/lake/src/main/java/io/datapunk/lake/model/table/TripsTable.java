package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/** How a person came from one stay to the next. */
public final class TripsTable {
    public static final String USER_ID = "user_id";
    public static final String STARTED_AT = "started_at";
    public static final String ENDED_AT = "ended_at";
    public static final String SECONDS = "seconds";
    public static final String FROM_LATITUDE = "from_latitude";
    public static final String FROM_LONGITUDE = "from_longitude";
    public static final String TO_LATITUDE = "to_latitude";
    public static final String TO_LONGITUDE = "to_longitude";
    public static final String DISTANCE_M = "distance_m";
    public static final String STRAIGHT_M = "straight_m";
    public static final String POINTS = "points";

    public static final TableDefinition DEFINITION = PublishedColumns.byMonth(
            new DatasetName(PublishedColumns.ANALYTICS, "trips"),
            "How a person came from one stay of a month to the next.",
            List.of(USER_ID, STARTED_AT),
            Column.required(USER_ID, STRING, "Surrogate of the person"),
            Column.required(STARTED_AT, TIMESTAMP, "End of the stay before").withStatistics(),
            Column.required(ENDED_AT, TIMESTAMP, "Begin of the stay after").withStatistics(),
            Column.required(SECONDS, LONG, "How long"),
            Column.required(FROM_LATITUDE, DOUBLE, "Of the stay before, WGS84 degrees"),
            Column.required(FROM_LONGITUDE, DOUBLE, "Of the stay before, WGS84 degrees"),
            Column.required(TO_LATITUDE, DOUBLE, "Of the stay after, WGS84 degrees"),
            Column.required(TO_LONGITUDE, DOUBLE, "Of the stay after, WGS84 degrees"),
            Column.required(DISTANCE_M, DOUBLE, "Along its points, metres"),
            Column.required(STRAIGHT_M, DOUBLE, "From one stay's middle to the other's, metres"),
            Column.required(POINTS, LONG, "Points on the way"));

    private TripsTable() {}
}
