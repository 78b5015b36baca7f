package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import java.util.List;

/** The columns that every ingested row begins with: where it came from, and its keys. */
public final class ProvenanceColumns {
    public static final String ID = "id";
    public static final String MATCH_KEY = "match_key";
    public static final String USER_ID = "user_id";
    public static final String SOURCE = "source";
    public static final String IMPORT_ID = "import_id";
    public static final String ENTRY = "entry";
    public static final String POSITION = "position";
    public static final String INGESTED_AT = "ingested_at";

    static final List<Column> COLUMNS = List.of(
            Column.required(ID, STRING, "The record's key: 128 bits of SHA-256 as 32 hex digits")
                    .withDistinctValues(),
            Column.required(MATCH_KEY, STRING, "Coarse key of the event, equal across formats and exports")
                    .withDistinctValues(),
            Column.required(USER_ID, STRING, "Random surrogate of the person; lake.users has the name"),
            Column.required(SOURCE, STRING, "Format that the row was parsed from, as google.my-activity.json"),
            Column.required(IMPORT_ID, STRING, "The import that brought the row"),
            Column.required(ENTRY, STRING, "Path inside the export"),
            Column.required(POSITION, LONG, "Byte offset in the entry").withDistinctValues(),
            Column.required(INGESTED_AT, TIMESTAMP, "When the row entered the lake; all ages count from here")
                    .withStatistics());

    private ProvenanceColumns() {}
}
