package io.datapunk.lake.delta;

import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.Field;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import io.datapunk.lake.model.table.TableDefinition;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Tables as Spark describes them. */
public final class DeltaSchemas {
    private DeltaSchemas() {}

    /** The table's columns in their order, the partition column among them, with nullability and comments. */
    public static StructType structType(TableDefinition definition) {
        return DataTypes.createStructType(
                definition.columns().stream().map(DeltaSchemas::field).toArray(StructField[]::new));
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
        StructOf struct = (StructOf) type;
        return DataTypes.createStructType(
                struct.fields().stream().map(DeltaSchemas::nestedField).toArray(StructField[]::new));
    }

    private static StructField nestedField(Field field) {
        return DataTypes.createStructField(field.name(), dataType(field.type()), true);
    }

    private static DataType primitive(Primitive primitive) {
        return switch (primitive) {
            case STRING -> DataTypes.StringType;
            case BINARY -> DataTypes.BinaryType;
            case BOOLEAN -> DataTypes.BooleanType;
            case INT -> DataTypes.IntegerType;
            case LONG -> DataTypes.LongType;
            case DOUBLE -> DataTypes.DoubleType;
            case TIMESTAMP -> DataTypes.TimestampType;
            case DATE -> DataTypes.DateType;
        };
    }
}
