package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** The audit log's entries, to be searched. A copy: what can be proven lies in the log itself. */
public final class AuditLogTable {
    public static final String SEQUENCE = "sequence";
    public static final String AT = "at";
    public static final String ACTOR = "actor";
    public static final String ACTION = "action";
    public static final String SUBJECT = "subject";
    public static final String DETAILS = "details";
    public static final String LEAF_HASH = "leaf_hash";
    public static final String MONTH = EventColumns.MONTH;

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("archive", "audit_log"),
            PartitionedBy.MONTH,
            List.of(
                    Column.required(SEQUENCE, LONG, "The entry's number, from 0")
                            .withStatistics(),
                    Column.required(AT, TIMESTAMP, "When").withStatistics(),
                    Column.required(ACTOR, STRING, "Who: a job, or an operator's surrogate"),
                    Column.required(ACTION, STRING, "What, as tiering.retire-files"),
                    Column.required(SUBJECT, STRING, "To what"),
                    Column.required(DETAILS, new MapOf(STRING, STRING), "What an auditor needs to retrace it"),
                    Column.required(LEAF_HASH, STRING, "The entry's hash in the log's tree, 64 hex digits"),
                    Column.required(MONTH, STRING, "UTC yyyy-MM of at")),
            List.of(SEQUENCE),
            false,
            "The audit log's entries, to be searched; what can be proven lies in the log itself.");

    private AuditLogTable() {}
}
