package io.datapunk.ingest.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes JSON in one form: no white space, members sorted by name (UTF-16 code units), numbers as the source wrote them,
 * strings with the fewest escapes. Equal documents become equal texts; nothing is lost, not even doubled members.
 */
final class CanonicalJson {
    private static final String HEX = "0123456789abcdef";

    private CanonicalJson() {}

    /** The value that the parser stands on; the parser is left on its last token. */
    static String of(JsonParser parser) throws IOException {
        StringBuilder out = new StringBuilder(256);
        write(parser, out);
        return out.toString();
    }

    /** A tree, in the same form. */
    static String of(JsonNode node) {
        try (JsonParser parser = node.traverse()) {
            parser.nextToken();
            return of(parser);
        } catch (IOException e) {
            throw new UncheckedIOException("a tree needs no I/O", e);
        }
    }

    static void write(JsonParser parser, StringBuilder out) throws IOException {
        JsonToken token = parser.currentToken();
        switch (token) {
            case START_OBJECT -> object(parser, out);
            case START_ARRAY -> array(parser, out);
            case VALUE_STRING -> {
                if (parser.hasTextCharacters()) {
                    int offset = parser.getTextOffset();
                    quote(parser.getTextCharacters(), offset, offset + parser.getTextLength(), out);
                } else {
                    quote(parser.getText(), out);
                }
            }
            case VALUE_TRUE, VALUE_FALSE, VALUE_NULL -> out.append(token.asString());
            default -> out.append(parser.getText());
        }
    }

    private static void array(JsonParser parser, StringBuilder out) throws IOException {
        out.append('[');
        boolean first = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            if (!first) {
                out.append(',');
            }
            first = false;
            write(parser, out);
        }
        out.append(']');
    }

    private static void object(JsonParser parser, StringBuilder out) throws IOException {
        int start = out.length();
        List<Member> members = new ArrayList<>();
        boolean sorted = true;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            int from = out.length();
            out.append(members.isEmpty() ? '{' : ',');
            quote(name, out);
            out.append(':');
            write(parser, out);
            sorted = sorted
                    && (members.isEmpty()
                            || members.get(members.size() - 1).name.compareTo(name) <= 0);
            members.add(new Member(name, from - start + 1, out.length() - start));
        }
        if (members.isEmpty()) {
            out.append("{}");
            return;
        }
        if (!sorted) {
            String unsorted = out.substring(start);
            out.setLength(start);
            members.sort(null);
            char separator = '{';
            for (Member member : members) {
                out.append(separator).append(unsorted, member.from, member.to);
                separator = ',';
            }
        }
        out.append('}');
    }

    static void quote(String text, StringBuilder out) {
        out.append('"');
        int clean = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\' || Character.isSurrogate(c)) {
                i = special(text, clean, i, out);
                clean = i + 1;
            }
        }
        out.append(text, clean, text.length()).append('"');
    }

    private static void quote(char[] text, int from, int to, StringBuilder out) {
        for (int i = from; i < to; i++) {
            char c = text[i];
            if (c < 0x20 || c == '"' || c == '\\' || Character.isSurrogate(c)) {
                quote(new String(text, from, to - from), out);
                return;
            }
        }
        out.append('"').append(text, from, to - from).append('"');
    }

    /** Writes what stands before {@code at} and then the character there; returns the index of its last unit. */
    private static int special(String text, int clean, int at, StringBuilder out) {
        out.append(text, clean, at);
        char c = text.charAt(at);
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            default -> {
                if (Character.isHighSurrogate(c)
                        && at + 1 < text.length()
                        && Character.isLowSurrogate(text.charAt(at + 1))) {
                    out.append(c).append(text.charAt(at + 1));
                    return at + 1;
                }
                // A lone surrogate has no UTF-8 form.
                out.append("\\u")
                        .append(HEX.charAt(c >> 12))
                        .append(HEX.charAt((c >> 8) & 15))
                        .append(HEX.charAt((c >> 4) & 15))
                        .append(HEX.charAt(c & 15));
            }
        }
        return at;
    }

    private record Member(String name, int from, int to) implements Comparable<Member> {
        @Override
        public int compareTo(Member other) {
            return name.compareTo(other.name);
        }
    }
}
