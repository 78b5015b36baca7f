package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** What lies in the archive's packages. */
public final class ArchiveContentsTable {
    public static final String PACKAGE_ID = "package_id";
    public static final String USER_ID = "user_id";
    public static final String ENTRY = "entry";
    public static final String BYTES = "bytes";
    public static final String SHA256 = "sha256";
    public static final String COMPUTED_AT = "computed_at";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("archive", "contents"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required(PACKAGE_ID, STRING, "The package").withStatistics(),
                    Column.optional(USER_ID, STRING, "Whose it is; null where it is no person's"),
                    Column.required(ENTRY, STRING, "Path in the package").withDistinctValues(),
                    Column.required(BYTES, LONG, "Its size"),
                    Column.required(SHA256, STRING, "SHA-256 of its bytes").withDistinctValues(),
                    Column.required(COMPUTED_AT, TIMESTAMP, "When the row was written")),
            List.of(USER_ID, ENTRY),
            false,
            "What lies in the archive's packages.");

    private ArchiveContentsTable() {}
}
