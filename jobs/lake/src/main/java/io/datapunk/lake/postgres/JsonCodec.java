package io.datapunk.lake.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.model.CanonicalRow;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.Field;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;

/**
 * Values with nested parts as {@code jsonb}. Nothing is lost: every field of a struct is written, also a null one;
 * instants and dates are ISO texts, bytes are Base64; numbers are numbers, except for the doubles that JSON or
 * PostgreSQL's {@code numeric} has not ({@code NaN}, {@code Infinity}, {@code -0.0}), which are texts.
 */
record JsonCodec(ColumnType type) implements ColumnCodec {
    private static final int VERSION = 1;
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNumberLength(2_000)
                    .build())
            .build());

    @Override
    public String sqlType() {
        return "jsonb";
    }

    @Override
    public int oid() {
        return 3802;
    }

    @Override
    public void encode(SpecializedGetters values, int ordinal, CopyBuffer target) throws UnstorableValueException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.getFactory().createGenerator(text)) {
            write(values, ordinal, type, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        target.putByte(VERSION);
        target.put(text.toByteArray());
    }

    private static void write(SpecializedGetters values, int ordinal, ColumnType type, JsonGenerator json)
            throws IOException, UnstorableValueException {
        if (values.isNullAt(ordinal)) {
            json.writeNull();
        } else if (type instanceof ArrayOf array) {
            ArrayData elements = values.getArray(ordinal);
            json.writeStartArray();
            for (int i = 0; i < elements.numElements(); i++) {
                write(elements, i, array.element(), json);
            }
            json.writeEndArray();
        } else if (type instanceof StructOf struct) {
            List<Field> fields = struct.fields();
            InternalRow row = values.getStruct(ordinal, fields.size());
            json.writeStartObject();
            for (int i = 0; i < fields.size(); i++) {
                json.writeFieldName(fields.get(i).name());
                write(row, i, fields.get(i).type(), json);
            }
            json.writeEndObject();
        } else {
            writePrimitive(values, ordinal, (Primitive) type, json);
        }
    }

    private static void writePrimitive(SpecializedGetters values, int ordinal, Primitive type, JsonGenerator json)
            throws IOException, UnstorableValueException {
        switch (type) {
            case STRING -> {
                byte[] utf8 = PrimitiveCodec.storable(values.getUTF8String(ordinal));
                json.writeUTF8String(utf8, 0, utf8.length);
            }
            case BINARY -> json.writeString(Base64.getEncoder().encodeToString(values.getBinary(ordinal)));
            case BOOLEAN -> json.writeBoolean(values.getBoolean(ordinal));
            case INT -> json.writeNumber(values.getInt(ordinal));
            case LONG -> json.writeNumber(values.getLong(ordinal));
            case DOUBLE -> {
                double value = values.getDouble(ordinal);
                boolean negativeZero = value == 0 && Double.doubleToRawLongBits(value) != 0;
                if (Double.isNaN(value) || Double.isInfinite(value) || negativeZero) {
                    json.writeString(Double.toString(value));
                } else {
                    json.writeNumber(value);
                }
            }
            case TIMESTAMP ->
                json.writeString(Instant.EPOCH
                        .plus(values.getLong(ordinal), ChronoUnit.MICROS)
                        .toString());
            case DATE ->
                json.writeString(LocalDate.ofEpochDay(values.getInt(ordinal)).toString());
        }
    }

    @Override
    public void decode(ByteBuffer value, CanonicalRow target) {
        byte version = value.get();
        if (version != VERSION) {
            throw new IllegalStateException("jsonb version " + version);
        }
        try {
            put(JSON.readTree(PrimitiveCodec.bytes(value)), type, target);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void put(JsonNode node, ColumnType type, CanonicalRow target) {
        if (node.isNull()) {
            target.putNull();
        } else if (type instanceof ArrayOf array) {
            target.beginArray(node.size());
            node.forEach(element -> put(element, array.element(), target));
        } else if (type instanceof StructOf struct) {
            target.beginStruct(struct.fields().size());
            struct.fields().forEach(field -> put(node.required(field.name()), field.type(), target));
        } else {
            putPrimitive(node, (Primitive) type, target);
        }
    }

    private static void putPrimitive(JsonNode node, Primitive type, CanonicalRow target) {
        switch (type) {
            case STRING -> target.putText(node.textValue());
            case BINARY -> target.putBytes(Base64.getDecoder().decode(node.textValue()));
            case BOOLEAN -> target.putBoolean(node.booleanValue());
            case INT, LONG -> target.putLong(node.longValue());
            case DOUBLE ->
                target.putDouble(node.isTextual() ? Double.parseDouble(node.textValue()) : node.doubleValue());
            case TIMESTAMP -> target.putTimestampMicros(micros(Instant.parse(node.textValue())));
            case DATE ->
                target.putDateDays(
                        Math.toIntExact(LocalDate.parse(node.textValue()).toEpochDay()));
        }
    }

    // Not by ChronoUnit, which counts nanoseconds on its way and overflows 292 years from now.
    private static long micros(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }
}
