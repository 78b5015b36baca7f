package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.BINARY;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** Records that could not become rows, with their reason and bytes. */
public final class QuarantineTable {
    public static final String CHECK = "check";
    public static final String REASON = "reason";
    public static final String SAMPLE = "sample";
    public static final String BYTE_FROM = "byte_from";
    public static final String BYTE_TO = "byte_to";
    public static final String STATE = "state";
    public static final String REVIEWED_AT = "reviewed_at";
    public static final String REVIEWED_BY = "reviewed_by";
    public static final String DAY = "day";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("imports", "quarantine"),
            PartitionedBy.DAY,
            EventColumns.provenanceAnd(
                    Column.required(CHECK, STRING, "Name of the check that failed"),
                    Column.required(REASON, STRING, "Why, with the values"),
                    Column.optional(SAMPLE, BINARY, "The record's bytes, 64 kB at most"),
                    Column.optional(BYTE_FROM, LONG, "First byte in the entry"),
                    Column.optional(BYTE_TO, LONG, "Behind the last byte in the entry"),
                    Column.required(STATE, STRING, "open, released, discarded or retried"),
                    Column.optional(REVIEWED_AT, TIMESTAMP, "When it was reviewed"),
                    Column.optional(REVIEWED_BY, STRING, "Who reviewed it"),
                    Column.required(DAY, STRING, "UTC yyyy-MM-dd of ingested_at")),
            List.of(),
            false,
            "Records that could not become rows, with their reason and bytes.");

    private QuarantineTable() {}
}
