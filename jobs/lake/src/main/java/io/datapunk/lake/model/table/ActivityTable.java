package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** What people did with products: searches, views, visits, plays. */
public final class ActivityTable {
    public static final String PRODUCT = "product";
    public static final String KIND = "kind";
    public static final String TITLE = "title";
    public static final String URL = "url";
    public static final String DETAIL = "detail";
    public static final String LATITUDE = "latitude";
    public static final String LONGITUDE = "longitude";
    public static final String LANGUAGE = "language";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("user_data", "activity"),
            PartitionedBy.MONTH,
            EventColumns.eventTable(
                    Column.optional(
                            PRODUCT, STRING, "Product that recorded it, as the source names it, as Search or YouTube"),
                    Column.optional(KIND, STRING, "What was done: searched, watched, visited, used, …"),
                    Column.optional(TITLE, STRING, "Title of what it was done with"),
                    Column.optional(URL, STRING, "Address of what it was done with"),
                    Column.optional(DETAIL, STRING, "All other fields of the source, as a JSON object"),
                    Column.optional(LATITUDE, DOUBLE, "WGS84 degrees"),
                    Column.optional(LONGITUDE, DOUBLE, "WGS84 degrees"),
                    Column.optional(LANGUAGE, STRING, "BCP 47 tag of the title, where it is known")),
            List.of(ProvenanceColumns.USER_ID, EventColumns.EVENT_TIME),
            true,
            "What people did with products: searches, views, visits, plays.");

    private ActivityTable() {}
}
