package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** The packages of the archive. */
public final class ArchivePackagesTable {
    public static final String PACKAGE_ID = "package_id";
    public static final String PATH = "path";
    public static final String CATEGORY = "category";
    public static final String SOURCE = "source";
    public static final String CREATED_AT = "created_at";
    public static final String ENTRIES = "entries";
    public static final String BYTES = "bytes";
    public static final String STORED_BYTES = "stored_bytes";
    public static final String SHA256 = "sha256";
    public static final String RETENTION_CLASS = "retention_class";
    public static final String EXPIRES_AT = "expires_at";
    public static final String COMPUTED_AT = "computed_at";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("archive", "packages"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required(PACKAGE_ID, STRING, "The package"),
                    Column.required(PATH, STRING, "Its folder below the archive"),
                    Column.required(CATEGORY, STRING, "Compliance category"),
                    Column.required(SOURCE, STRING, "export, or the dataset that it holds"),
                    Column.required(CREATED_AT, TIMESTAMP, "When it was begun"),
                    Column.required(ENTRIES, LONG, "Entries in it"),
                    Column.required(BYTES, LONG, "Bytes of the entries"),
                    Column.required(STORED_BYTES, LONG, "Bytes of the packs that were written for it"),
                    Column.required(SHA256, STRING, "SHA-256 of its tagmanifest-sha256.txt"),
                    Column.optional(RETENTION_CLASS, STRING, "As the rules were when the row was written; null: none"),
                    Column.optional(EXPIRES_AT, TIMESTAMP, "When its time is over by that class; null: never"),
                    Column.required(COMPUTED_AT, TIMESTAMP, "When the row was written")),
            List.of(),
            false,
            "The packages of the archive.");

    private ArchivePackagesTable() {}
}
