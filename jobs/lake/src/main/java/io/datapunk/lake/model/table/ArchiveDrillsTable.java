package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.BOOLEAN;
import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** Whether backups could be restored, and how long it took. */
public final class ArchiveDrillsTable {
    public static final String DRILL_ID = "drill_id";
    public static final String AT = "at";
    public static final String POINT_ID = "point_id";
    public static final String LOCATION = "location";
    public static final String TABLES = "tables";
    public static final String ROWS = "rows";
    public static final String BYTES = "bytes";
    public static final String SECONDS = "seconds";
    public static final String ALLOWED_SECONDS = "allowed_seconds";
    public static final String POINT_AGE_SECONDS = "point_age_seconds";
    public static final String PASSED = "passed";
    public static final String FINDINGS = "findings";
    public static final String COMPUTED_AT = "computed_at";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("archive", "drills"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required(DRILL_ID, STRING, "Random, 8 hexadecimal digits"),
                    Column.required(AT, TIMESTAMP, "When it was held"),
                    Column.required(POINT_ID, STRING, "The restore point that was restored"),
                    Column.required(LOCATION, STRING, "Where from"),
                    Column.required(TABLES, LONG, "Tables that were restored and compared"),
                    Column.required(ROWS, LONG, "Rows in them"),
                    Column.required(BYTES, LONG, "Bytes that were restored"),
                    Column.required(SECONDS, DOUBLE, "Seconds until everything was there and compared"),
                    Column.required(ALLOWED_SECONDS, DOUBLE, "Seconds that it may take for so many bytes"),
                    Column.required(POINT_AGE_SECONDS, DOUBLE, "How old the restore point was, in seconds"),
                    Column.required(PASSED, BOOLEAN, "Whether nothing differed, and all was within the limits"),
                    Column.required(FINDINGS, STRING, "What was not, one finding a line"),
                    Column.required(COMPUTED_AT, TIMESTAMP, "When the row was written")),
            List.of(),
            false,
            "Drills: backups restored for trial.");

    private ArchiveDrillsTable() {}
}
