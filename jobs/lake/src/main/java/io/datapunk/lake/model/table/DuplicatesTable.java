package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** Rows that were left out because the lake has the event already. */
public final class DuplicatesTable {
    public static final String DATASET = "dataset";
    public static final String KEPT_ID = "kept_id";
    public static final String RULE = "rule";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("imports", "duplicates"),
            PartitionedBy.NOTHING,
            EventColumns.provenanceAnd(
                    Column.required(DATASET, STRING, "Table that keeps the other row"),
                    Column.required(KEPT_ID, STRING, "Key of the row that stays")
                            .withDistinctValues(),
                    Column.required(RULE, STRING, "id, or the rule by which the two describe one event")),
            List.of(),
            false,
            "Rows that were left out because the lake has the event already.");

    private DuplicatesTable() {}
}
