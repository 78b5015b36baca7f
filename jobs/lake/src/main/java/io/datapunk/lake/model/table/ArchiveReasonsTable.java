package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** Why packages were made. */
public final class ArchiveReasonsTable {
    public static final String PACKAGE_ID = "package_id";
    public static final String REASON = "reason";
    public static final String COMPUTED_AT = "computed_at";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("archive", "reasons"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required(PACKAGE_ID, STRING, "The package"),
                    Column.required(REASON, STRING, "As the person or the rule said that asked for it"),
                    Column.required(COMPUTED_AT, TIMESTAMP, "When the row was written")),
            List.of(),
            false,
            "Why packages were made.");

    private ArchiveReasonsTable() {}
}
