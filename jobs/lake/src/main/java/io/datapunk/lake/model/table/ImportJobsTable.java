package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** One row for each import. */
public final class ImportJobsTable {
    public static final String IMPORT_ID = "import_id";
    public static final String USER_ID = "user_id";
    public static final String EXPORT_ID = "export_id";
    public static final String CONTAINERS = "containers";
    public static final String STATUS = "status";
    public static final String EPOCH = "epoch";
    public static final String STARTED_AT = "started_at";
    public static final String ENDED_AT = "ended_at";
    public static final String READ = "read";
    public static final String ACCEPTED = "accepted";
    public static final String DUPLICATES = "duplicates";
    public static final String QUARANTINED = "quarantined";
    public static final String BYTES = "bytes";
    public static final String PARSER_VERSIONS = "parser_versions";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("imports", "jobs"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required(IMPORT_ID, STRING, "The import"),
                    Column.required(USER_ID, STRING, "Surrogate of the person"),
                    Column.required(EXPORT_ID, STRING, "Name of the export, the same for all of its parts"),
                    Column.required(CONTAINERS, new ArrayOf(STRING), "Files or folders that were handed in"),
                    Column.required(STATUS, STRING, "running, done, failed or undone"),
                    Column.required(EPOCH, LONG, "How often the import was begun"),
                    Column.required(STARTED_AT, TIMESTAMP, "Begin of the import"),
                    Column.optional(ENDED_AT, TIMESTAMP, "End of the import"),
                    Column.required(READ, LONG, "Records that were read"),
                    Column.required(ACCEPTED, LONG, "Records that became rows"),
                    Column.required(DUPLICATES, LONG, "Records left out as duplicates"),
                    Column.required(QUARANTINED, LONG, "Records put into quarantine"),
                    Column.required(BYTES, LONG, "Bytes of all entries, decompressed"),
                    Column.required(PARSER_VERSIONS, STRING, "JSON object of parser name to version")),
            List.of(),
            false,
            "One row for each import.");

    private ImportJobsTable() {}
}
