package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.FLOAT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.INT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** The rows of collections that are nearest to each row. */
public final class VectorNeighboursTable {
    public static final String ID = "id";
    public static final String USER_ID = "user_id";
    public static final String RANK = "rank";
    public static final String NEIGHBOUR_ID = "neighbour_id";
    public static final String NEIGHBOUR_COLLECTION = "neighbour_collection";
    public static final String SCORE = "score";
    public static final String INDEX_VERSION = "index_version";
    public static final String COMPUTED_AT = "computed_at";
    public static final String COLLECTION = "collection";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName(VectorsTable.SCHEMA, "neighbours"),
            new PartitionedBy(COLLECTION),
            List.of(
                    Column.required(ID, STRING, "The row whose neighbours these are")
                            .withDistinctValues(),
                    Column.optional(USER_ID, STRING, "Whose row it is; null where it is no person's"),
                    Column.required(RANK, INT, "1 for the nearest"),
                    Column.required(NEIGHBOUR_ID, STRING, "The row that is near")
                            .withDistinctValues(),
                    Column.required(NEIGHBOUR_COLLECTION, STRING, "The collection that it was looked for in"),
                    Column.required(SCORE, FLOAT, "How near: the cosine, the product, or minus the distance"),
                    Column.required(INDEX_VERSION, LONG, "Version of the index that was searched"),
                    Column.required(COMPUTED_AT, TIMESTAMP, "When the row was written"),
                    Column.required(COLLECTION, STRING, "The row's collection")),
            List.of(ID, RANK),
            false,
            "The rows of collections that are nearest to each row.");

    private VectorNeighboursTable() {}
}
