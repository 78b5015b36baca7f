package io.datapunk.lake.postgres;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.DecimalOf;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import java.io.IOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.unsafe.types.UTF8String;

/**
 * Values without parts within {@code jsonb}: times and dates are ISO texts, bytes are Base64; numbers are numbers, except
 * for those that JSON or PostgreSQL's {@code numeric} has not ({@code NaN}, {@code Infinity}, {@code -0.0}), which are
 * texts.
 */
final class JsonScalars {
    private JsonScalars() {}

    static void write(SpecializedGetters values, int ordinal, ColumnType type, JsonGenerator json)
            throws IOException, UnstorableValueException {
        if (type instanceof DecimalOf decimal) {
            json.writeNumber(values.getDecimal(ordinal, decimal.precision(), decimal.scale())
                    .toJavaBigDecimal()
                    .toPlainString());
            return;
        }
        switch ((Primitive) type) {
            case STRING, UUID, JSON -> {
                byte[] utf8 = PrimitiveCodec.storable(values.getUTF8String(ordinal));
                json.writeUTF8String(utf8, 0, utf8.length);
            }
            case BINARY -> json.writeString(Base64.getEncoder().encodeToString(values.getBinary(ordinal)));
            case BOOLEAN -> json.writeBoolean(values.getBoolean(ordinal));
            case BYTE -> json.writeNumber(values.getByte(ordinal));
            case SHORT -> json.writeNumber(values.getShort(ordinal));
            case INT -> json.writeNumber(values.getInt(ordinal));
            case LONG -> json.writeNumber(values.getLong(ordinal));
            case FLOAT -> {
                float value = values.getFloat(ordinal);
                if (isNumeric(value)) {
                    json.writeNumber(value);
                } else {
                    json.writeString(Float.toString(value));
                }
            }
            case DOUBLE -> {
                double value = values.getDouble(ordinal);
                if (isNumeric(value)) {
                    json.writeNumber(value);
                } else {
                    json.writeString(Double.toString(value));
                }
            }
            case TIMESTAMP -> json.writeString(instant(values.getLong(ordinal)).toString());
            case TIMESTAMP_NTZ ->
                json.writeString(LocalDateTime.ofInstant(instant(values.getLong(ordinal)), ZoneOffset.UTC)
                        .toString());
            case DATE ->
                json.writeString(LocalDate.ofEpochDay(values.getInt(ordinal)).toString());
        }
    }

    private static boolean isNumeric(double value) {
        boolean negativeZero = value == 0 && Double.doubleToRawLongBits(value) != 0;
        return !Double.isNaN(value) && !Double.isInfinite(value) && !negativeZero;
    }

    /** Spark's value of one that is not null. */
    static Object read(JsonNode node, ColumnType type) {
        if (type instanceof DecimalOf decimal) {
            return Decimal.apply(node.decimalValue().setScale(decimal.scale()), decimal.precision(), decimal.scale());
        }
        return switch ((Primitive) type) {
            case STRING, UUID, JSON -> UTF8String.fromString(node.textValue());
            case BINARY -> Base64.getDecoder().decode(node.textValue());
            case BOOLEAN -> node.booleanValue();
            case BYTE -> (byte) node.intValue();
            case SHORT -> node.shortValue();
            case INT -> node.intValue();
            case LONG -> node.longValue();
            case FLOAT -> node.isTextual() ? Float.parseFloat(node.textValue()) : node.floatValue();
            case DOUBLE -> node.isTextual() ? Double.parseDouble(node.textValue()) : node.doubleValue();
            case TIMESTAMP -> micros(Instant.parse(node.textValue()));
            case TIMESTAMP_NTZ -> micros(LocalDateTime.parse(node.textValue()).toInstant(ZoneOffset.UTC));
            case DATE -> Math.toIntExact(LocalDate.parse(node.textValue()).toEpochDay());
        };
    }

    private static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    // Not by ChronoUnit, which counts nanoseconds on its way and overflows 292 years from now.
    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }
}
