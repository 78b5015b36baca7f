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
import io.datapunk.lake.model.table.TableShape;
import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import java.util.List;
import java.util.Map;

/** Tables as Delta Kernel describes them, in the lake's words. */
final class KernelSchemas {
    private static final String COMMENT = "comment";
    private static final Map<DataType, Primitive> PRIMITIVES = Map.ofEntries(
            Map.entry(StringType.STRING, Primitive.STRING),
            Map.entry(BinaryType.BINARY, Primitive.BINARY),
            Map.entry(BooleanType.BOOLEAN, Primitive.BOOLEAN),
            Map.entry(ByteType.BYTE, Primitive.BYTE),
            Map.entry(ShortType.SHORT, Primitive.SHORT),
            Map.entry(IntegerType.INTEGER, Primitive.INT),
            Map.entry(LongType.LONG, Primitive.LONG),
            Map.entry(FloatType.FLOAT, Primitive.FLOAT),
            Map.entry(DoubleType.DOUBLE, Primitive.DOUBLE),
            Map.entry(TimestampType.TIMESTAMP, Primitive.TIMESTAMP),
            Map.entry(TimestampNTZType.TIMESTAMP_NTZ, Primitive.TIMESTAMP_NTZ),
            Map.entry(DateType.DATE, Primitive.DATE));

    private KernelSchemas() {}

    static TableShape shape(DatasetName name, StructType schema, List<String> partitionColumns) {
        return new TableShape(
                name, schema.fields().stream().map(KernelSchemas::column).toList(), partitionColumns);
    }

    private static Column column(StructField field) {
        String comment = field.getMetadata().contains(COMMENT)
                ? String.valueOf(field.getMetadata().get(COMMENT))
                : "";
        return new Column(field.getName(), type(field.getDataType()), field.isNullable(), false, false, comment);
    }

    private static ColumnType type(DataType type) {
        if (type instanceof DecimalType decimal) {
            return new DecimalOf(decimal.getPrecision(), decimal.getScale());
        }
        if (type instanceof ArrayType array) {
            return new ArrayOf(type(array.getElementType()));
        }
        if (type instanceof MapType map) {
            return new MapOf(type(map.getKeyType()), type(map.getValueType()));
        }
        if (type instanceof StructType struct) {
            return new StructOf(struct.fields().stream()
                    .map(field -> new Field(field.getName(), type(field.getDataType())))
                    .toList());
        }
        Primitive primitive = PRIMITIVES.get(type);
        return primitive == null ? new OnlyInDelta(type.toString()) : primitive;
    }
}
