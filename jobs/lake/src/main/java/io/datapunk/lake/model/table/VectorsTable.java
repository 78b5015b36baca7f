package io.datapunk.lake.model.table;

import static io.datapunk.lake.model.table.ColumnType.Primitive.BOOLEAN;
import static io.datapunk.lake.model.table.ColumnType.Primitive.FLOAT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.INT;
import static io.datapunk.lake.model.table.ColumnType.Primitive.LONG;
import static io.datapunk.lake.model.table.ColumnType.Primitive.STRING;
import static io.datapunk.lake.model.table.ColumnType.Primitive.TIMESTAMP;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import java.util.List;

/** The vectors of a collection, a row for each row of its source. */
public final class VectorsTable {
    public static final String SCHEMA = "vectors";

    public static final String ID = ProvenanceColumns.ID;
    public static final String USER_ID = ProvenanceColumns.USER_ID;
    public static final String EVENT_TIME = EventColumns.EVENT_TIME;
    public static final String TEXT = "text";
    public static final String ATTRIBUTES = "attributes";
    public static final String CONTENT_SHA256 = "content_sha256";
    public static final String MODEL = "model";
    public static final String MODEL_VERSION = "model_version";
    public static final String DIMENSIONS = "dimensions";
    public static final String NORMALISED = "normalised";
    public static final String VECTOR = "vector";
    public static final String SOURCE_DATASET = "source_dataset";
    public static final String SOURCE_VERSION = "source_version";
    public static final String COMPUTED_AT = "computed_at";
    public static final String MONTH = EventColumns.MONTH;

    private static final List<Column> COLUMNS = List.of(
            Column.required(ID, STRING, "The source row's key").withDistinctValues(),
            Column.optional(USER_ID, STRING, "Random surrogate of the person; null where the source names none"),
            Column.optional(EVENT_TIME, TIMESTAMP, "When it happened").withStatistics(),
            Column.optional(TEXT, STRING, "What the vector was made of; null where the source has vectors")
                    .withDistinctValues(),
            Column.required(ATTRIBUTES, new MapOf(STRING, STRING), "What searches can ask for, by the source's column"),
            Column.required(CONTENT_SHA256, STRING, "SHA-256 of model, its version and the text or vector, hex")
                    .withDistinctValues(),
            Column.required(MODEL, STRING, "Model that made the vector; external where the source has vectors"),
            Column.required(MODEL_VERSION, STRING, "SHA-256 of the model's files; empty where the source has vectors"),
            Column.required(DIMENSIONS, INT, "Length of the vector"),
            Column.required(NORMALISED, BOOLEAN, "Whether the vector has length 1"),
            Column.required(VECTOR, new ArrayOf(FLOAT), "The vector").withDistinctValues(),
            Column.required(SOURCE_DATASET, STRING, "Table that the row is of"),
            Column.required(SOURCE_VERSION, LONG, "Delta version of that table"),
            Column.required(COMPUTED_AT, TIMESTAMP, "When the row was written"),
            Column.required(MONTH, STRING, "UTC yyyy-MM of event_time; undated where there is none"));

    private VectorsTable() {}

    public static DatasetName name(String collection) {
        return new DatasetName(SCHEMA, collection);
    }

    public static TableDefinition definition(String collection) {
        return new TableDefinition(
                name(collection),
                PartitionedBy.MONTH,
                COLUMNS,
                List.of(USER_ID, EVENT_TIME),
                false,
                "The vectors of collection " + collection + ".");
    }
}
