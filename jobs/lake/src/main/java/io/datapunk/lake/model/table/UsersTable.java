package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** The one place that maps a surrogate to a person. */
public final class UsersTable {
    public static final String USER_ID = "user_id";
    public static final String NAME = "name";
    public static final String CREATED_AT = "created_at";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("lake", "users"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required(USER_ID, STRING, "Random surrogate"),
                    Column.required(NAME, STRING, "Name given with --user"),
                    Column.required(CREATED_AT, TIMESTAMP, "When the surrogate was made")),
            List.of(),
            false,
            "The one place that maps a surrogate to a person.");

    private UsersTable() {}
}
