package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/** Where a person stayed. */
public final class StaysTable {
    public static final String USER_ID = "user_id";
    public static final String STARTED_AT = "started_at";
    public static final String ENDED_AT = "ended_at";
    public static final String SECONDS = "seconds";
    public static final String LATITUDE = "latitude";
    public static final String LONGITUDE = "longitude";
    public static final String POINTS = "points";

    public static final TableDefinition DEFINITION = PublishedColumns.byMonth(
            new DatasetName(PublishedColumns.ANALYTICS, "stays"),
            "Where a person stayed: for lake.analytics.stay.duration within lake.analytics.stay.radius-m. One that goes on in"
                    + " the next month is two.",
            List.of(USER_ID, STARTED_AT),
            Column.required(USER_ID, STRING, "Surrogate of the person"),
            Column.required(STARTED_AT, TIMESTAMP, "First point").withStatistics(),
            Column.required(ENDED_AT, TIMESTAMP, "Last point").withStatistics(),
            Column.required(SECONDS, LONG, "From the first point to the last"),
            Column.required(LATITUDE, DOUBLE, "Middle of its points, WGS84 degrees"),
            Column.required(LONGITUDE, DOUBLE, "Middle of its points, WGS84 degrees"),
            Column.required(POINTS, LONG, "How many"));

    private StaysTable() {}
}
