package io.datapunk.vectors.shard;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_micros;

import io.datapunk.lake.model.table.VectorsTable;
import java.io.Serializable;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Rows of a collection's table, as tasks take them apart. */
public final class VectorRows {
    private static final Column[] COLUMNS = {
        col(VectorsTable.ID),
        col(VectorsTable.CONTENT_SHA256),
        col(VectorsTable.USER_ID),
        // A number: which class of Java's a time becomes depends on the session.
        unix_micros(col(VectorsTable.EVENT_TIME)).as(VectorsTable.EVENT_TIME),
        col(VectorsTable.TEXT),
        col(VectorsTable.ATTRIBUTES),
        col(VectorsTable.VECTOR)
    };
    private static final int ID = 0;
    private static final int CONTENT = 1;
    private static final int USER = 2;
    private static final int TIME = 3;
    private static final int TEXT = 4;
    private static final int ATTRIBUTES = 5;
    private static final int VECTOR = 6;

    private VectorRows() {}

    /** What {@link #row} and {@link #vector} read. */
    public static Dataset<Row> select(Dataset<Row> table) {
        return table.select(COLUMNS);
    }

    /** A row's vector alone. */
    public record RowVector(String id, float[] vector) implements Serializable {}

    /** All vectors of a table. They come out of Spark's own rows, where a {@link Row} would have an object for each number. */
    public static JavaRDD<RowVector> vectors(Dataset<Row> table) {
        return table.select(VectorsTable.ID, VectorsTable.VECTOR)
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .map(row -> new RowVector(row.getString(0), row.getArray(1).toFloatArray()));
    }

    public static IndexedRow row(Row row) {
        Map<String, String> attributes = row.getJavaMap(ATTRIBUTES);
        return new IndexedRow(
                row.getString(ID),
                row.getString(CONTENT),
                Optional.ofNullable(row.getString(USER)),
                row.isNullAt(TIME)
                        ? Optional.empty()
                        : Optional.of(Instant.EPOCH.plus(row.getLong(TIME), ChronoUnit.MICROS)),
                Optional.ofNullable(row.getString(TEXT)),
                attributes);
    }

    public static float[] vector(Row row) {
        return floats(row.getList(VECTOR));
    }

    public static float[] floats(List<Float> values) {
        float[] vector = new float[values.size()];
        int i = 0;
        for (float value : values) {
            vector[i++] = value;
        }
        return vector;
    }
}
