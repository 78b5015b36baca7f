package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import java.util.List;

/** Who wrote to whom: the edges of a graph. */
public final class CommunicationTable {
    public static final String USER_ID = "user_id";
    public static final String SENDER = "sender";
    public static final String RECIPIENT = "recipient";
    public static final String MESSAGES = "messages";
    public static final String THREADS = "threads";
    public static final String FIRST_AT = "first_at";
    public static final String LAST_AT = "last_at";

    public static final TableDefinition DEFINITION = PublishedColumns.byMonth(
            new DatasetName(PublishedColumns.ANALYTICS, "communication"),
            "Who wrote to whom, by month: the edges of a graph.",
            List.of(USER_ID, SENDER, RECIPIENT),
            Column.required(USER_ID, STRING, "Surrogate of the person whose messages they are"),
            Column.optional(SENDER, STRING, "Address or name, in lower case; null where the source has none"),
            Column.optional(RECIPIENT, STRING, "Address or name, in lower case; null where the source has none"),
            Column.required(MESSAGES, LONG, "How many"),
            Column.required(THREADS, LONG, "In how many conversations"),
            Column.optional(FIRST_AT, TIMESTAMP, "First one in the month"),
            Column.optional(LAST_AT, TIMESTAMP, "Last one in the month"));

    private CommunicationTable() {}
}
