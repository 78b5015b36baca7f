package io.datapunk.lake.sql;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The values of {@link SqlSink}, as text, as JSON's types, and between two processes. */
final class SqlValue {
    private static final int PIECE = 1 << 20;

    private SqlValue() {}

    /** As a person reads it; {@code null} is empty. */
    static String toText(Object value) {
        if (value == null) {
            return "";
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof BigDecimal number) {
            return number.toPlainString();
        }
        if (value instanceof List || value instanceof Map) {
            return JsonText.of(toJson(value));
        }
        return value.toString();
    }

    static Object toJson(Object value) {
        if (value instanceof List<?> list) {
            return listToJson(list);
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> json = new LinkedHashMap<>();
            map.forEach((key, element) -> json.put(String.valueOf(key), toJson(element)));
            return json;
        }
        // JSON has no such numbers.
        if (value instanceof Double number && (number.isNaN() || number.isInfinite())) {
            return number.toString();
        }
        return value == null
                        || value instanceof Boolean
                        || value instanceof Long
                        || value instanceof Double
                        || value instanceof BigDecimal
                ? value
                : toText(value);
    }

    static List<Object> listToJson(List<?> list) {
        List<Object> json = new ArrayList<>(list.size());
        list.forEach(element -> json.add(toJson(element)));
        return json;
    }

    static void write(Object value, DataOutput out) throws IOException {
        if (value == null) {
            out.writeByte('n');
        } else if (value instanceof Boolean flag) {
            out.writeByte(flag ? 't' : 'f');
        } else if (value instanceof Long number) {
            out.writeByte('l');
            out.writeLong(number);
        } else if (value instanceof Double number) {
            out.writeByte('d');
            out.writeDouble(number);
        } else if (value instanceof BigDecimal number) {
            writeText('b', number.toString(), out);
        } else if (value instanceof byte[] bytes) {
            writeBytes('x', bytes, out);
        } else if (value instanceof Instant instant) {
            writeText('i', instant.toString(), out);
        } else if (value instanceof LocalDate date) {
            writeText('a', date.toString(), out);
        } else if (value instanceof LocalDateTime time) {
            writeText('w', time.toString(), out);
        } else if (value instanceof List<?> list) {
            out.writeByte('[');
            out.writeInt(list.size());
            for (Object element : list) {
                write(element, out);
            }
        } else if (value instanceof Map<?, ?> map) {
            out.writeByte('{');
            out.writeInt(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                write(String.valueOf(entry.getKey()), out);
                write(entry.getValue(), out);
            }
        } else {
            writeText('s', value.toString(), out);
        }
    }

    static Object read(DataInput in) throws IOException {
        byte tag = in.readByte();
        return switch (tag) {
            case 'n' -> null;
            case 't' -> true;
            case 'f' -> false;
            case 'l' -> in.readLong();
            case 'd' -> in.readDouble();
            case 'b' -> new BigDecimal(readText(in));
            case 'x' -> readBytes(in);
            case 'i' -> Instant.parse(readText(in));
            case 'a' -> LocalDate.parse(readText(in));
            case 'w' -> LocalDateTime.parse(readText(in));
            case 's' -> readText(in);
            case '[' -> readList(in);
            case '{' -> readMap(in);
            default -> throw new IOException("not a value: " + tag);
        };
    }

    private static List<Object> readList(DataInput in) throws IOException {
        int size = in.readInt();
        List<Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(read(in));
        }
        return list;
    }

    private static Map<String, Object> readMap(DataInput in) throws IOException {
        int size = in.readInt();
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            map.put(String.valueOf(read(in)), read(in));
        }
        return map;
    }

    static String readText(DataInput in) throws IOException {
        return new String(readBytes(in), StandardCharsets.UTF_8);
    }

    private static void writeText(char tag, String text, DataOutput out) throws IOException {
        writeBytes(tag, text.getBytes(StandardCharsets.UTF_8), out);
    }

    private static void writeBytes(char tag, byte[] bytes, DataOutput out) throws IOException {
        out.writeByte(tag);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] readBytes(DataInput in) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            throw new EOFException("a length below zero");
        }
        // A broken peer must not make us reserve what it never sends.
        var bytes = new java.io.ByteArrayOutputStream(Math.min(length, PIECE));
        byte[] piece = new byte[Math.min(length, PIECE)];
        for (int left = length; left > 0; ) {
            int now = Math.min(left, piece.length);
            in.readFully(piece, 0, now);
            bytes.write(piece, 0, now);
            left -= now;
        }
        return bytes.toByteArray();
    }
}
