package io.datapunk.analytics.publish;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.date_from_unix_date;
import static org.apache.spark.sql.functions.timestamp_micros;

import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.table.PublishedColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoder;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;

/**
 * Rows that tasks make for a published table, in the order of its own columns. Times are microseconds and dates days since
 * 1970 until the rows are made: which classes stand for times is a setting of the session.
 */
public final class TaskRows {
    private static final List<String> ADDED = List.of(PublishedColumns.COMPUTED_AT, PublishedColumns.SOURCE_VERSIONS);

    private TaskRows() {}

    public static Encoder<Row> encoder(TableDefinition definition) {
        return Encoders.row(DataTypes.createStructType(own(definition)
                .map(field -> DataTypes.createStructField(field.name(), number(field.dataType()), field.nullable()))
                .toList()));
    }

    /** @param rows as {@link #encoder} has them */
    public static Dataset<Row> typed(TableDefinition definition, Dataset<Row> rows) {
        return rows.select(own(definition).map(TaskRows::typed).toArray(Column[]::new));
    }

    private static Stream<StructField> own(TableDefinition definition) {
        return Arrays.stream(DeltaSchemas.structType(definition).fields())
                .filter(field -> !ADDED.contains(field.name()));
    }

    private static DataType number(DataType type) {
        if (type.equals(DataTypes.TimestampType)) {
            return DataTypes.LongType;
        }
        return type.equals(DataTypes.DateType) ? DataTypes.IntegerType : type;
    }

    private static Column typed(StructField field) {
        Column value = col(field.name());
        if (field.dataType().equals(DataTypes.TimestampType)) {
            value = timestamp_micros(value);
        } else if (field.dataType().equals(DataTypes.DateType)) {
            value = date_from_unix_date(value);
        }
        return value.as(field.name());
    }
}
