package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** Which query touched which partition. */
public final class AccessLogTable {
    public static final String AT = "at";
    public static final String PARTITION = "partition";
    public static final String ORIGIN = "origin";
    public static final String ACCESSES = "accesses";
    public static final String PRINCIPAL = "principal";
    public static final String QUERY_ID = "query_id";
    public static final String TIER = "tier";
    public static final String FILTERS = "filters";
    public static final String DAY = "day";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName("lake", "access_log"),
            PartitionedBy.DAY,
            List.of(
                    Column.required(AT, TIMESTAMP, "When the query ended").withStatistics(),
                    Column.required(
                            PARTITION, STRING, "Partition's name; schema.dataset/* where a scan took the whole table"),
                    Column.required(ORIGIN, STRING, "spark, postgres, s3 or import"),
                    Column.required(ACCESSES, LONG, "How many"),
                    Column.optional(PRINCIPAL, STRING, "Who asked"),
                    Column.optional(QUERY_ID, STRING, "Identifies the query"),
                    Column.optional(TIER, STRING, "Tier that answered"),
                    Column.optional(
                            FILTERS,
                            new ArrayOf(STRING),
                            "Columns that the query filtered the table by, sorted; empty where it took all rows"),
                    Column.required(DAY, STRING, "UTC yyyy-MM-dd of at")),
            List.of(AT),
            false,
            "Which query touched which partition.");

    private AccessLogTable() {}
}
