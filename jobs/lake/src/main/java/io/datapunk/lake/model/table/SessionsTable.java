package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DATE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import java.util.List;

/** Stretches of time in which a person was active without a longer pause. */
public final class SessionsTable {
    public static final String USER_ID = "user_id";
    public static final String DAY = "day";
    public static final String STARTED_AT = "started_at";
    public static final String ENDED_AT = "ended_at";
    public static final String SECONDS = "seconds";
    public static final String EVENTS = "events";
    public static final String PRODUCTS = "products";

    public static final TableDefinition DEFINITION = PublishedColumns.byMonth(
            new DatasetName(PublishedColumns.ANALYTICS, "sessions"),
            "Stretches of time in which a person was active without a pause of lake.analytics.session-gap. They end with"
                    + " the day in UTC.",
            List.of(USER_ID, STARTED_AT),
            Column.required(USER_ID, STRING, "Surrogate of the person"),
            Column.required(DAY, DATE, "Day in UTC").withStatistics(),
            Column.required(STARTED_AT, TIMESTAMP, "First event").withStatistics(),
            Column.required(ENDED_AT, TIMESTAMP, "Last event").withStatistics(),
            Column.required(SECONDS, LONG, "From the first event to the last"),
            Column.required(EVENTS, LONG, "How many"),
            Column.required(PRODUCTS, new ArrayOf(STRING), "Products that were used, sorted"));

    private SessionsTable() {}
}
