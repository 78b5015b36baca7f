package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.INT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/** What each person visited, watched and listened to most, by month. */
public final class RankingTables {
    public static final String USER_ID = "user_id";
    public static final String RANK = "rank";
    public static final String NAME = "name";
    public static final String EVENTS = "events";
    public static final String FIRST_AT = "first_at";
    public static final String LAST_AT = "last_at";

    public static final TableDefinition DOMAINS = ranking("top_domains", "Domains that each person visited most.");
    public static final TableDefinition CHANNELS = ranking("top_channels", "Channels that each person watched most.");
    public static final TableDefinition ARTISTS = ranking("top_artists", "Artists that each person listened to most.");

    private RankingTables() {}

    private static TableDefinition ranking(String name, String comment) {
        return PublishedColumns.byMonth(
                new DatasetName(PublishedColumns.ANALYTICS, name),
                comment,
                List.of(USER_ID, RANK),
                Column.required(USER_ID, STRING, "Surrogate of the person"),
                Column.required(RANK, INT, "1 for the most; the same for equal ones"),
                Column.required(NAME, STRING, "Which"),
                Column.required(EVENTS, LONG, "How often in the month"),
                Column.required(FIRST_AT, TIMESTAMP, "First time in the month"),
                Column.required(LAST_AT, TIMESTAMP, "Last time in the month"));
    }
}
