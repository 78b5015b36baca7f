package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.FLOAT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.INT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** The cluster that each row of a collection belongs to. */
public final class VectorClustersTable {
    public static final String ID = "id";
    public static final String USER_ID = "user_id";
    public static final String CLUSTER = "cluster";
    public static final String LABEL = "label";
    public static final String RANK = "rank";
    public static final String SCORE = "score";
    public static final String VECTORS_VERSION = "vectors_version";
    public static final String COMPUTED_AT = "computed_at";
    public static final String COLLECTION = "collection";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName(VectorsTable.SCHEMA, "clusters"),
            new PartitionedBy(COLLECTION),
            List.of(
                    Column.required(ID, STRING, "The row").withDistinctValues(),
                    Column.optional(USER_ID, STRING, "Whose row it is; null where it is no person's"),
                    Column.required(CLUSTER, INT, "Number of its cluster, from 0 on; the largest is 0"),
                    Column.optional(
                            LABEL,
                            STRING,
                            "Words that set the cluster apart; null where its rows have no text. With several persons,"
                                    + " only words that two of them use"),
                    Column.required(RANK, INT, "1 for the row that represents its cluster best"),
                    Column.required(
                            SCORE, FLOAT, "How near to the middle of its cluster: the cosine, or minus the distance"),
                    Column.required(VECTORS_VERSION, LONG, "Delta version of the collection's table"),
                    Column.required(COMPUTED_AT, TIMESTAMP, "When the row was written"),
                    Column.required(COLLECTION, STRING, "The row's collection")),
            List.of(CLUSTER, RANK),
            false,
            "The cluster that each row of a collection belongs to.");

    private VectorClustersTable() {}
}
