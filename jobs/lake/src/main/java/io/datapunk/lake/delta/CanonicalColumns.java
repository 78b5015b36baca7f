package io.datapunk.lake.delta;

import io.datapunk.lake.model.CanonicalRow;
import io.datapunk.lake.model.LakeException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Writes Spark's rows of one schema as canonical rows, the columns in the order of their names. */
public final class CanonicalColumns implements Serializable {
    private static final long serialVersionUID = 1;

    /** Writes one value that is not null. */
    @FunctionalInterface
    private interface ValueWriter extends Serializable {
        void put(SpecializedGetters values, int ordinal, CanonicalRow target);
    }

    private final int[] ordinals;
    private final ValueWriter[] writers;

    /** @throws LakeException (failed) for a type that has no canonical form */
    public CanonicalColumns(StructType schema) {
        StructField[] fields = schema.fields();
        ordinals = IntStream.range(0, fields.length)
                .boxed()
                .sorted(Comparator.comparing(ordinal -> fields[ordinal].name()))
                .mapToInt(Integer::intValue)
                .toArray();
        writers = IntStream.of(ordinals)
                .mapToObj(ordinal -> writer(fields[ordinal].name(), fields[ordinal].dataType()))
                .toArray(ValueWriter[]::new);
    }

    /** Adds a row to the target's checksum. */
    public void add(InternalRow row, CanonicalRow target) {
        for (int column = 0; column < ordinals.length; column++) {
            put(row, ordinals[column], writers[column], target);
        }
        target.endRow();
    }

    private static void put(SpecializedGetters values, int ordinal, ValueWriter writer, CanonicalRow target) {
        if (values.isNullAt(ordinal)) {
            target.putNull();
        } else {
            writer.put(values, ordinal, target);
        }
    }

    private static ValueWriter writer(String column, DataType type) {
        if (type instanceof StringType) {
            return (values, ordinal, target) ->
                    target.putText(values.getUTF8String(ordinal).getBytes());
        }
        if (type instanceof BinaryType) {
            return (values, ordinal, target) -> target.putBytes(values.getBinary(ordinal));
        }
        if (type instanceof BooleanType) {
            return (values, ordinal, target) -> target.putBoolean(values.getBoolean(ordinal));
        }
        if (type instanceof ByteType) {
            return (values, ordinal, target) -> target.putLong(values.getByte(ordinal));
        }
        if (type instanceof ShortType) {
            return (values, ordinal, target) -> target.putLong(values.getShort(ordinal));
        }
        if (type instanceof IntegerType) {
            return (values, ordinal, target) -> target.putLong(values.getInt(ordinal));
        }
        if (type instanceof LongType) {
            return (values, ordinal, target) -> target.putLong(values.getLong(ordinal));
        }
        if (type instanceof FloatType) {
            return (values, ordinal, target) -> target.putFloat(values.getFloat(ordinal));
        }
        if (type instanceof DoubleType) {
            return (values, ordinal, target) -> target.putDouble(values.getDouble(ordinal));
        }
        if (type instanceof TimestampType || type instanceof TimestampNTZType) {
            return (values, ordinal, target) -> target.putTimestampMicros(values.getLong(ordinal));
        }
        if (type instanceof DateType) {
            return (values, ordinal, target) -> target.putDateDays(values.getInt(ordinal));
        }
        if (type instanceof DecimalType decimal) {
            int precision = decimal.precision();
            int scale = decimal.scale();
            return (values, ordinal, target) -> target.putDecimal(values.getDecimal(ordinal, precision, scale)
                    .toJavaBigDecimal()
                    .setScale(scale));
        }
        if (type instanceof ArrayType array) {
            return array(writer(column, array.elementType()));
        }
        if (type instanceof StructType struct) {
            return struct(column, struct);
        }
        if (type instanceof MapType map) {
            return map(writer(column, map.keyType()), writer(column, map.valueType()));
        }
        throw LakeException.failed(
                "column " + column + " cannot be verified",
                "type " + type.catalogString() + " has no canonical form",
                "leave the table in its tier, or change the column's type");
    }

    private static ValueWriter array(ValueWriter element) {
        return (values, ordinal, target) -> {
            ArrayData array = values.getArray(ordinal);
            int size = array.numElements();
            target.beginArray(size);
            for (int i = 0; i < size; i++) {
                put(array, i, element, target);
            }
        };
    }

    private static ValueWriter struct(String column, StructType struct) {
        ValueWriter[] fields = Arrays.stream(struct.fields())
                .map(field -> writer(column + "." + field.name(), field.dataType()))
                .toArray(ValueWriter[]::new);
        return (values, ordinal, target) -> {
            InternalRow row = values.getStruct(ordinal, fields.length);
            target.beginStruct(fields.length);
            for (int i = 0; i < fields.length; i++) {
                put(row, i, fields[i], target);
            }
        };
    }

    private static ValueWriter map(ValueWriter key, ValueWriter value) {
        return (values, ordinal, target) -> {
            MapData map = values.getMap(ordinal);
            ArrayData keys = map.keyArray();
            CanonicalRow one = new CanonicalRow();
            Map<byte[], Integer> order = new TreeMap<>(Arrays::compareUnsigned);
            for (int i = 0; i < map.numElements(); i++) {
                put(keys, i, key, one);
                order.put(one.canonicalBytes(), i);
                one.reset();
            }
            target.beginMap(map.numElements());
            for (Map.Entry<byte[], Integer> entry : List.copyOf(order.entrySet())) {
                target.putCanonical(entry.getKey());
                put(map.valueArray(), entry.getValue(), value, target);
            }
        };
    }
}
