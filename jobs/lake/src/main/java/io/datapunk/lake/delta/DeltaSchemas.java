package io.datapunk.lake.delta;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.DecimalOf;
import io.datapunk.lake.model.table.ColumnType.Field;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.ColumnType.OnlyInDelta;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Tables as Spark describes them. */
public final class DeltaSchemas {
    private static final Map<DataType, Primitive> PRIMITIVES = Map.ofEntries(
            Map.entry(DataTypes.StringType, Primitive.STRING),
            Map.entry(DataTypes.BinaryType, Primitive.BINARY),
            Map.entry(DataTypes.BooleanType, Primitive.BOOLEAN),
            Map.entry(DataTypes.ByteType, Primitive.BYTE),
            Map.entry(DataTypes.ShortType, Primitive.SHORT),
            Map.entry(DataTypes.IntegerType, Primitive.INT),
            Map.entry(DataTypes.LongType, Primitive.LONG),
            Map.entry(DataTypes.FloatType, Primitive.FLOAT),
            Map.entry(DataTypes.DoubleType, Primitive.DOUBLE),
            Map.entry(DataTypes.TimestampType, Primitive.TIMESTAMP),
            Map.entry(DataTypes.TimestampNTZType, Primitive.TIMESTAMP_NTZ),
            Map.entry(DataTypes.DateType, Primitive.DATE));

    private DeltaSchemas() {}

    /** The table's columns in their order, the partition column among them, with nullability and comments. */
    public static StructType structType(TableDefinition definition) {
        return structType(definition.columns());
    }

    /** Columns in their order. */
    public static StructType structType(List<Column> columns) {
        return DataTypes.createStructType(
                columns.stream().map(DeltaSchemas::field).toArray(StructField[]::new));
    }

    /** A table that somebody else made, as Spark reads it. */
    public static TableDefinition foreign(DatasetName name, String partitionColumn, StructType schema) {
        return TableDefinition.foreign(name, partitionColumn, columns(schema));
    }

    /** Columns as Spark describes them, in the lake's words. */
    public static List<Column> columns(StructType schema) {
        return Arrays.stream(schema.fields()).map(DeltaSchemas::column).toList();
    }

    private static Column column(StructField field) {
        String comment = field.getComment().getOrElse(() -> "");
        return new Column(field.name(), columnType(field.dataType()), field.nullable(), false, false, comment);
    }

    private static ColumnType columnType(DataType type) {
        if (type instanceof DecimalType decimal) {
            return new DecimalOf(decimal.precision(), decimal.scale());
        }
        if (type instanceof ArrayType array) {
            return new ArrayOf(columnType(array.elementType()));
        }
        if (type instanceof MapType map) {
            return new MapOf(columnType(map.keyType()), columnType(map.valueType()));
        }
        if (type instanceof StructType struct) {
            return new StructOf(Arrays.stream(struct.fields())
                    .map(field -> new Field(field.name(), columnType(field.dataType())))
                    .toList());
        }
        Primitive primitive = PRIMITIVES.get(type);
        return primitive == null ? new OnlyInDelta(type.catalogString()) : primitive;
    }

    private static StructField field(Column column) {
        return DataTypes.createStructField(column.name(), dataType(column.type()), column.nullable())
                .withComment(column.comment());
    }

    private static DataType dataType(ColumnType type) {
        if (type instanceof Primitive primitive) {
            return primitive(primitive);
        }
        if (type instanceof ArrayOf array) {
            // Declared as nullable elements: Delta cannot enforce the contrary, and Spark refuses to write an
            // ordinary array into one that is declared without nulls.
            return DataTypes.createArrayType(dataType(array.element()), true);
        }
        if (type instanceof DecimalOf decimal) {
            return DataTypes.createDecimalType(decimal.precision(), decimal.scale());
        }
        if (type instanceof MapOf map) {
            return DataTypes.createMapType(dataType(map.key()), dataType(map.value()), true);
        }
        if (type instanceof StructOf struct) {
            return DataTypes.createStructType(
                    struct.fields().stream().map(DeltaSchemas::nestedField).toArray(StructField[]::new));
        }
        throw new IllegalArgumentException("the lake's tables have no " + type);
    }

    private static StructField nestedField(Field field) {
        return DataTypes.createStructField(field.name(), dataType(field.type()), true);
    }

    private static DataType primitive(Primitive primitive) {
        return switch (primitive) {
            case STRING, UUID, JSON -> DataTypes.StringType;
            case BINARY -> DataTypes.BinaryType;
            case BOOLEAN -> DataTypes.BooleanType;
            case BYTE -> DataTypes.ByteType;
            case SHORT -> DataTypes.ShortType;
            case INT -> DataTypes.IntegerType;
            case LONG -> DataTypes.LongType;
            case FLOAT -> DataTypes.FloatType;
            case DOUBLE -> DataTypes.DoubleType;
            case TIMESTAMP -> DataTypes.TimestampType;
            case TIMESTAMP_NTZ -> DataTypes.TimestampNTZType;
            case DATE -> DataTypes.DateType;
        };
    }
}
