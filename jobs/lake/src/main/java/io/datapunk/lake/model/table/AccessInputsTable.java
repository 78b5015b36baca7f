package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** What accesses were taken from, so that nothing counts twice; of several rows of one input the newest batch's holds. */
public final class AccessInputsTable {
    public static final String SOURCE = "source";
    public static final String INPUT = "input";
    public static final String REVISION = "revision";
    public static final String POSITION = "position";
    public static final String ACCESSES = "accesses";
    public static final String BATCH = "batch";
    public static final String TAKEN_AT = "taken_at";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("lake", "access_inputs"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required(SOURCE, STRING, "postgres, s3 or import"),
                    Column.required(INPUT, STRING, "Identifies a file or a counter within its source"),
                    Column.required(REVISION, STRING, "Tells another content under the same name, as an ETag"),
                    Column.required(POSITION, LONG, "Size of the file in bytes, or value of the counter"),
                    Column.required(ACCESSES, LONG, "How many it brought, or the files that were imported with it"),
                    Column.required(BATCH, LONG, "Number of the take-in; rises").withStatistics(),
                    Column.required(TAKEN_AT, TIMESTAMP, "When, by the clock of the take-in")),
            List.of(SOURCE, INPUT),
            false,
            "What accesses were taken from, so that nothing counts twice.");

    private AccessInputsTable() {}
}
