package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** What has expired. The audit log has each before it went. */
public final class ArchiveDeletionsTable {
    public static final String PLAN_ID = "plan_id";
    public static final String KIND = "kind";
    public static final String SUBJECT = "subject";
    public static final String RETENTION_CLASS = "retention_class";
    public static final String DUE_AT = "due_at";
    public static final String APPROVED_BY = "approved_by";
    public static final String ROWS = "rows";
    public static final String BYTES = "bytes";
    public static final String CHECKSUM = "checksum";
    public static final String DELETED_AT = "deleted_at";
    public static final String COMPUTED_AT = "computed_at";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("archive", "deletions"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required(PLAN_ID, STRING, "The plan that was carried out"),
                    Column.required(KIND, STRING, "rows or packages"),
                    Column.required(SUBJECT, STRING, "The partition, or the package's folder"),
                    Column.required(RETENTION_CLASS, STRING, "By which its time was over"),
                    Column.required(DUE_AT, TIMESTAMP, "When its time was over"),
                    Column.required(
                            APPROVED_BY, STRING, "Who approved the plan; the rule, where the class is automatic"),
                    Column.optional(ROWS, LONG, "Rows; null for a package"),
                    Column.required(BYTES, LONG, "Bytes of its files"),
                    Column.required(
                            CHECKSUM,
                            STRING,
                            "Of the rows as in lake.moves; of a package SHA-256 of its tagmanifest-sha256.txt"),
                    Column.required(DELETED_AT, TIMESTAMP, "When it was deleted"),
                    Column.required(COMPUTED_AT, TIMESTAMP, "When the row was written")),
            List.of(),
            false,
            "What has expired.");

    private ArchiveDeletionsTable() {}
}
