package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.INT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/** Where a person has stayed, again and again. */
public final class PlacesTable {
    public static final String USER_ID = "user_id";
    public static final String PLACE = "place";
    public static final String LATITUDE = "latitude";
    public static final String LONGITUDE = "longitude";
    public static final String STAYS = "stays";
    public static final String SECONDS = "seconds";
    public static final String FIRST_AT = "first_at";
    public static final String LAST_AT = "last_at";

    public static final TableDefinition DEFINITION = PublishedColumns.whole(
            new DatasetName(PublishedColumns.ANALYTICS, "places"),
            "Where a person has stayed: stays within lake.analytics.place-radius-m of each other.",
            List.of(USER_ID, PLACE),
            Column.required(USER_ID, STRING, "Surrogate of the person"),
            Column.required(PLACE, INT, "Number of the person's place, from 1 on, by the time spent there"),
            Column.required(LATITUDE, DOUBLE, "Middle, WGS84 degrees"),
            Column.required(LONGITUDE, DOUBLE, "Middle, WGS84 degrees"),
            Column.required(STAYS, LONG, "How often"),
            Column.required(SECONDS, LONG, "How long in all"),
            Column.required(FIRST_AT, TIMESTAMP, "Begin of the first stay"),
            Column.required(LAST_AT, TIMESTAMP, "End of the last stay"));

    private PlacesTable() {}
}
