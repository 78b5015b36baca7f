package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** The rows of tables that packages hold: where each can be restored from. A row stands here for each package that has it. */
public final class ArchiveRowsTable {
    public static final String DATASET = "dataset";
    public static final String ID = "id";
    public static final String USER_ID = "user_id";
    public static final String EVENT_TIME = "event_time";
    public static final String PARTITION = "partition";
    public static final String PACKAGE_ID = "package_id";
    public static final String ENTRY = "entry";
    public static final String COMPUTED_AT = "computed_at";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("archive", "rows"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required(DATASET, STRING, "The table that it was in").withStatistics(),
                    Column.required(ID, STRING, "Its id there").withDistinctValues(),
                    Column.optional(USER_ID, STRING, "Whose it is; null where it is no person's"),
                    Column.optional(EVENT_TIME, TIMESTAMP, "When it happened").withStatistics(),
                    Column.required(PARTITION, STRING, "As month=2026-01").withStatistics(),
                    Column.required(PACKAGE_ID, STRING, "The package").withStatistics(),
                    Column.required(ENTRY, STRING, "Path in the package"),
                    Column.required(COMPUTED_AT, TIMESTAMP, "When the row was written")),
            List.of(DATASET, PARTITION, USER_ID, EVENT_TIME),
            false,
            "The rows of tables that packages hold.");

    private ArchiveRowsTable() {}
}
