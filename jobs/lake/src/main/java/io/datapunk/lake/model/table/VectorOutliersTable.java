package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.DOUBLE;
import static io.datapunk.lake.model.table.ColumnType.Primitive.INT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** How unlike its neighbours each row of a collection is. */
public final class VectorOutliersTable {
    public static final String ID = "id";
    public static final String USER_ID = "user_id";
    public static final String FACTOR = "local_outlier_factor";
    public static final String NEIGHBOURS = "neighbours";
    public static final String INDEX_VERSION = "index_version";
    public static final String COMPUTED_AT = "computed_at";
    public static final String COLLECTION = "collection";

    public static final TableDefinition DEFINITION = new TableDefinition(
            new DatasetName(VectorsTable.SCHEMA, "outliers"),
            new PartitionedBy(COLLECTION),
            List.of(
                    Column.required(ID, STRING, "The row").withDistinctValues(),
                    Column.optional(USER_ID, STRING, "Whose row it is; null where it is no person's"),
                    Column.required(
                            FACTOR,
                            DOUBLE,
                            "How much thinner it is around the row than around its neighbours: about 1 within a cluster,"
                                    + " larger for what stands apart (Breunig and others 2000)"),
                    Column.required(NEIGHBOURS, INT, "Neighbours that it was compared with"),
                    Column.required(INDEX_VERSION, LONG, "Version of the index that was searched"),
                    Column.required(COMPUTED_AT, TIMESTAMP, "When the row was written"),
                    Column.required(COLLECTION, STRING, "The row's collection")),
            List.of(FACTOR),
            false,
            "How unlike its neighbours each row of a collection is.");

    private VectorOutliersTable() {}
}
