package io.datapunk.ingest.format;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Collects the fields of a record that no column takes, as one canonical JSON object. */
final class Detail {
    private List<Member> members;

    /** Takes the value that the parser stands on. */
    void take(String name, JsonParser parser) throws IOException {
        StringBuilder out = open(name);
        CanonicalJson.write(parser, out);
        add(name, out);
    }

    /** Takes a text; nothing where it is null. */
    void text(String name, String value) {
        if (value != null) {
            StringBuilder out = open(name);
            CanonicalJson.quote(value, out);
            add(name, out);
        }
    }

    /** Takes texts as an array; nothing where there are none. */
    void texts(String name, List<String> values) {
        if (!values.isEmpty()) {
            StringBuilder out = open(name);
            char separator = '[';
            for (String value : values) {
                out.append(separator);
                CanonicalJson.quote(value, out);
                separator = ',';
            }
            add(name, out.append(']'));
        }
    }

    /** Takes JSON that is canonical already; nothing where it is null. */
    void json(String name, String canonical) {
        if (canonical != null) {
            add(name, open(name).append(canonical));
        }
    }

    boolean isEmpty() {
        return members == null;
    }

    /** The object; null where nothing was taken. */
    String toJson() {
        if (members == null) {
            return null;
        }
        members.sort(null);
        StringBuilder out = new StringBuilder(256);
        char separator = '{';
        for (Member member : members) {
            out.append(separator).append(member.json);
            separator = ',';
        }
        return out.append('}').toString();
    }

    private static StringBuilder open(String name) {
        StringBuilder out = new StringBuilder(64);
        CanonicalJson.quote(name, out);
        return out.append(':');
    }

    private void add(String name, StringBuilder json) {
        if (members == null) {
            members = new ArrayList<>(4);
        }
        members.add(new Member(name, json));
    }

    private record Member(String name, StringBuilder json) implements Comparable<Member> {
        @Override
        public int compareTo(Member other) {
            return name.compareTo(other.name);
        }
    }
}
