package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.BOOLEAN;
import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.INT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** What indexes were built, and what their searches found. */
public final class VectorBuildsTable {
    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName(VectorsTable.SCHEMA, "builds"),
            PartitionedBy.NOTHING,
            List.of(
                    Column.required("collection", STRING, "The collection"),
                    Column.required("version", LONG, "Version of its index"),
                    Column.required("delta_version", LONG, "Version of the collection's table"),
                    Column.required("rows", LONG, "Rows that searches can find"),
                    Column.required("built_rows", LONG, "Rows of the shards that were built now"),
                    Column.required("shards", INT, "Shards of the index"),
                    Column.required("bytes", LONG, "Bytes of the index"),
                    Column.required("probes", INT, "Shards with a centroid that a search looks into"),
                    Column.required("recall", DOUBLE, "Share of the true neighbours that searches found, of a sample"),
                    Column.required("recall_target", DOUBLE, "Share that they had to find"),
                    Column.required("published", BOOLEAN, "Whether they did"),
                    Column.required("seconds", DOUBLE, "Seconds until it was measured"),
                    Column.required("computed_at", TIMESTAMP, "When it was built")),
            List.of(),
            false,
            "What indexes were built, and what their searches found.");

    private VectorBuildsTable() {}
}
