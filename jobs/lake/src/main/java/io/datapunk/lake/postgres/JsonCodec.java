package io.datapunk.lake.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.model.CanonicalRow;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.Field;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.MapData;

/**
 * Values with nested parts as {@code jsonb}. Nothing is lost: every field of a struct is written, also a null one; a map
 * by texts is an object, any other a list of pairs. {@link JsonScalars} says what the parts look like.
 */
record JsonCodec(ColumnType type) implements ColumnCodec {
    private static final int VERSION = 1;
    // Names are keys of people's maps: no two need be the same, so keeping them would only fill memory.
    private static final ObjectMapper JSON = new ObjectMapper(JsonFactory.builder()
                    .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
                    .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxStringLength(Integer.MAX_VALUE)
                            .maxNameLength(Integer.MAX_VALUE)
                            .maxNumberLength(2_000)
                            .build())
                    .build())
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

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
        byte[] text = text(values, ordinal, type);
        PrimitiveCodec.requireSize(text.length);
        target.putByte(VERSION);
        target.put(text);
    }

    private static byte[] text(SpecializedGetters values, int ordinal, ColumnType type)
            throws UnstorableValueException {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.getFactory().createGenerator(text)) {
            write(values, ordinal, type, json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toByteArray();
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
        } else if (type instanceof MapOf map) {
            writeMap(values.getMap(ordinal), map, json);
        } else {
            JsonScalars.write(values, ordinal, type, json);
        }
    }

    private static void writeMap(MapData map, MapOf type, JsonGenerator json)
            throws IOException, UnstorableValueException {
        boolean byText = type.key() == Primitive.STRING;
        ArrayData keys = map.keyArray();
        Set<ByteBuffer> seen = new HashSet<>();
        if (byText) {
            json.writeStartObject();
        } else {
            json.writeStartArray();
        }
        for (int i = 0; i < map.numElements(); i++) {
            if (!seen.add(ByteBuffer.wrap(text(keys, i, type.key())))) {
                throw new UnstorableValueException("has a map in which a key stands twice");
            }
            if (byText) {
                json.writeFieldName(keys.getUTF8String(i).toString());
                write(map.valueArray(), i, type.value(), json);
            } else {
                json.writeStartArray();
                write(keys, i, type.key(), json);
                write(map.valueArray(), i, type.value(), json);
                json.writeEndArray();
            }
        }
        if (byText) {
            json.writeEndObject();
        } else {
            json.writeEndArray();
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
        } else if (type instanceof MapOf map) {
            putMap(node, map, target);
        } else {
            JsonScalars.put(node, type, target);
        }
    }

    private static void putMap(JsonNode node, MapOf type, CanonicalRow target) {
        Map<byte[], JsonNode> ordered = new TreeMap<>(Arrays::compareUnsigned);
        CanonicalRow key = new CanonicalRow();
        if (node.isObject()) {
            node.properties().forEach(entry -> {
                key.putText(entry.getKey());
                ordered.put(key.canonicalBytes(), entry.getValue());
                key.reset();
            });
        } else {
            node.forEach(pair -> {
                put(pair.required(0), type.key(), key);
                ordered.put(key.canonicalBytes(), pair.required(1));
                key.reset();
            });
        }
        target.beginMap(node.size());
        ordered.forEach((bytes, value) -> {
            target.putCanonical(bytes);
            put(value, type.value(), target);
        });
    }
}
