package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** What upkeep has changed, figure by figure. */
public final class MaintenanceTable {
    public static final String TASK = "task";
    public static final String SUBJECT = "subject";
    public static final String FIGURE = "figure";
    public static final String BEFORE = "before";
    public static final String AFTER = "after";
    public static final String RUN_AT = "run_at";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("lake", "maintenance"),
            PartitionedBy.MONTH,
            List.of(
                    Column.required(RUN_AT, TIMESTAMP, "When the run began"),
                    Column.required(TASK, STRING, "As vacuum or optimize"),
                    Column.required(SUBJECT, STRING, "Table, index, partition or folder"),
                    Column.required(FIGURE, STRING, "What was measured, as dead_rows, bytes or files"),
                    Column.required(BEFORE, DOUBLE, "Before the task"),
                    Column.required(AFTER, DOUBLE, "After it"),
                    Column.required(EventColumns.MONTH, STRING, "UTC yyyy-MM")),
            List.of(),
            false,
            "What upkeep has changed.");

    private MaintenanceTable() {}
}
