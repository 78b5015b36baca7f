package io.datapunk.lake.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.catalyst.util.MapData;
import org.apache.spark.unsafe.types.UTF8String;

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
    public Object decode(ByteBuffer value) {
        byte version = value.get();
        if (version != VERSION) {
            throw new IllegalStateException("jsonb version " + version);
        }
        try {
            return read(JSON.readTree(PrimitiveCodec.bytes(value)), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Object read(JsonNode node, ColumnType type) {
        if (node.isNull()) {
            return null;
        }
        if (type instanceof ArrayOf array) {
            return new GenericArrayData(elements(node, array.element()));
        }
        if (type instanceof StructOf struct) {
            return new GenericInternalRow(struct.fields().stream()
                    .map(field -> read(node.required(field.name()), field.type()))
                    .toArray());
        }
        if (type instanceof MapOf map) {
            return readMap(node, map);
        }
        return JsonScalars.read(node, type);
    }

    private static Object[] elements(JsonNode node, ColumnType type) {
        Object[] elements = new Object[node.size()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = read(node.get(i), type);
        }
        return elements;
    }

    private static Object readMap(JsonNode node, MapOf type) {
        List<Object> keys = new ArrayList<>(node.size());
        List<Object> values = new ArrayList<>(node.size());
        if (node.isObject()) {
            node.properties().forEach(entry -> {
                keys.add(UTF8String.fromString(entry.getKey()));
                values.add(read(entry.getValue(), type.value()));
            });
        } else {
            node.forEach(pair -> {
                keys.add(read(pair.required(0), type.key()));
                values.add(read(pair.required(1), type.value()));
            });
        }
        return new ArrayBasedMapData(new GenericArrayData(keys.toArray()), new GenericArrayData(values.toArray()));
    }
}
