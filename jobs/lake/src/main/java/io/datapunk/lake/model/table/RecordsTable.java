package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** Parsed documents that no typed table has a place for. */
public final class RecordsTable {
    public static final String DOCUMENT = "document";
    public static final String KIND = "kind";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("imports", "records"),
            PartitionedBy.MONTH,
            EventColumns.recordTable(
                    Column.required(DOCUMENT, STRING, "The record as JSON").withDistinctValues(),
                    Column.optional(KIND, STRING, "What it is, by its place in the export")),
            List.of(ProvenanceColumns.USER_ID, EventColumns.EVENT_TIME),
            false,
            "Parsed documents that no typed table has a place for.");

    private RecordsTable() {}
}
