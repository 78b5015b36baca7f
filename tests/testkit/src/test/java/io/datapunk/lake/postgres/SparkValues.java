package io.datapunk.lake.postgres;

import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.DecimalOf;
import io.datapunk.lake.model.table.ColumnType.Field;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/** Values as Spark holds them in its rows, those at the limits far more often than chance would bring them. */
record SparkValues(Random random) {
    static final int FIRST_DAY = (int) LocalDate.of(-4713, 11, 24).toEpochDay();
    static final int LAST_DAY = (int) LocalDate.of(5_874_897, 12, 31).toEpochDay();
    static final long FIRST_MICROS = FIRST_DAY * 86_400_000_000L;

    private static final List<String> TEXTS = List.of(
            "",
            "NULL",
            "\\N",
            "\\x00",
            "{,}",
            "\"",
            "'",
            "\t\r\n",
            "\u0001",
            "\uffff",
            "🦆",
            "e\u0301",
            "$.a",
            " ",
            "a".repeat(9000));
    private static final List<Double> DOUBLES = List.of(
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            0.0,
            -0.0,
            Double.MIN_VALUE,
            -Double.MAX_VALUE,
            Double.MIN_NORMAL,
            0.1,
            1e23);
    private static final List<Float> FLOATS = List.of(
            Float.NaN,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            0f,
            -0f,
            Float.MIN_VALUE,
            Float.MAX_VALUE,
            0.1f);

    Object orNull(ColumnType type) {
        return random.nextInt(5) == 0 ? null : of(type);
    }

    private Object of(ColumnType type) {
        if (type instanceof Primitive primitive) {
            return primitive(primitive);
        }
        if (type instanceof DecimalOf decimal) {
            return decimal(decimal);
        }
        if (type instanceof ArrayOf array) {
            Object[] elements = new Object[random.nextInt(4)];
            java.util.Arrays.setAll(elements, i -> orNull(array.element()));
            return array(elements);
        }
        if (type instanceof MapOf map) {
            return map(map);
        }
        List<Field> fields = ((StructOf) type).fields();
        return new GenericInternalRow(
                fields.stream().map(field -> orNull(field.type())).toArray());
    }

    private Object primitive(Primitive type) {
        boolean limit = random.nextInt(3) == 0;
        return switch (type) {
            case STRING -> UTF8String.fromString(limit ? one(TEXTS) : random.nextLong() + "ß");
            case UUID -> UTF8String.fromString(new UUID(random.nextLong(), random.nextLong()).toString());
            // As jsonb prints it; another spelling would come back as this one.
            case JSON -> UTF8String.fromString(limit ? "null" : "{\"a\": [" + random.nextInt() + ", \"ß\"]}");
            case BINARY -> {
                byte[] bytes = new byte[random.nextInt(5)];
                random.nextBytes(bytes);
                yield bytes;
            }
            case BOOLEAN -> random.nextBoolean();
            case BYTE -> (byte) random.nextInt();
            case SHORT -> (short) (limit ? one(List.of(Short.MIN_VALUE, Short.MAX_VALUE)) : random.nextInt());
            case INT -> limit ? one(List.of(Integer.MIN_VALUE, Integer.MAX_VALUE)) : (Integer) random.nextInt();
            case LONG -> limit ? one(List.of(Long.MIN_VALUE, Long.MAX_VALUE)) : (Long) random.nextLong();
            case FLOAT -> limit ? one(FLOATS) : (Float) Float.intBitsToFloat(random.nextInt());
            case DOUBLE -> limit ? one(DOUBLES) : (Double) Double.longBitsToDouble(random.nextLong());
            case TIMESTAMP, TIMESTAMP_NTZ ->
                limit
                        ? one(List.of(FIRST_MICROS, Long.MAX_VALUE, -1L, 0L))
                        : (Long) random.nextLong(FIRST_MICROS, Long.MAX_VALUE);
            case DATE ->
                limit ? one(List.of(FIRST_DAY, LAST_DAY, -1, 0)) : (Integer) random.nextInt(FIRST_DAY, LAST_DAY);
        };
    }

    private Decimal decimal(DecimalOf type) {
        BigInteger limit = BigInteger.TEN.pow(type.precision()).subtract(BigInteger.ONE);
        BigInteger unscaled =
                switch (random.nextInt(5)) {
                    case 0 -> limit;
                    case 1 -> BigInteger.ZERO;
                    case 2 -> BigInteger.ONE;
                    case 3 -> BigInteger.TEN.pow(random.nextInt(type.precision()));
                    default -> new BigInteger(limit.bitLength(), random).mod(limit);
                };
        BigDecimal value = new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), type.scale());
        return Decimal.apply(value, type.precision(), type.scale());
    }

    private ArrayBasedMapData map(MapOf type) {
        Map<Object, Object> entries = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            Object key = of(type.key());
            // Arrays of bytes are equal by identity only: one is enough.
            if (!(key instanceof byte[]) || entries.isEmpty()) {
                entries.put(key, orNull(type.value()));
            }
        }
        return new ArrayBasedMapData(
                array(entries.keySet().toArray()), array(entries.values().toArray()));
    }

    static ArrayBasedMapData map(Object key, Object value) {
        return new ArrayBasedMapData(array(key), array(value));
    }

    static GenericArrayData array(Object... elements) {
        return new GenericArrayData(elements);
    }

    private <T> T one(List<T> values) {
        return values.get(random.nextInt(values.size()));
    }
}
