package io.datapunk.ingest.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The outline of a JSON document, from its first bytes.
 *
 * @param shape what the document is
 * @param members the top-level object's members, in order
 * @param elements names of the fields of the first objects in each array: of the top-level array under {@code ""}, of an
 *     array in the top-level object under its name
 * @param isLines whether several documents stand in lines
 */
record JsonSketch(Shape shape, Map<String, Shape> members, Map<String, Set<String>> elements, boolean isLines) {
    private static final int ELEMENTS = 20;

    /** What a value is. */
    enum Shape {
        OBJECT,
        ARRAY_OF_OBJECTS,
        OTHER_ARRAY,
        SCALAR
    }

    /** Empty for bytes that are no JSON. A document that is cut off is sketched as far as it goes. */
    static Optional<JsonSketch> of(byte[] head, int from) {
        Builder builder = new Builder();
        try (JsonParser json = Json.open(head, from, head.length)) {
            builder.read(json);
        } catch (IOException | RuntimeException e) {
            // Cut off or broken: what was read before counts, if it was anything.
            if (!builder.begun) {
                return Optional.empty();
            }
        }
        return builder.shape == null
                ? Optional.empty()
                : Optional.of(new JsonSketch(builder.shape, builder.members, builder.elements, builder.lines));
    }

    boolean hasArray(String name) {
        return elements.containsKey(name);
    }

    Set<String> elementFields(String array) {
        return elements.getOrDefault(array, Set.of());
    }

    boolean has(String member) {
        return members.containsKey(member);
    }

    private static final class Builder {
        private final Map<String, Shape> members = new LinkedHashMap<>();
        private final Map<String, Set<String>> elements = new LinkedHashMap<>();
        private Shape shape;
        private boolean begun;
        private boolean lines;

        void read(JsonParser json) throws IOException {
            JsonToken token = json.nextToken();
            if (token == JsonToken.START_OBJECT) {
                shape = Shape.OBJECT;
                begun = json.nextToken() == JsonToken.FIELD_NAME || json.currentToken() == JsonToken.END_OBJECT;
                readMembers(json);
                int endLine = json.currentTokenLocation().getLineNr();
                JsonToken next = json.nextToken();
                lines = next == JsonToken.START_OBJECT
                        && json.currentTokenLocation().getLineNr() > endLine;
            } else if (token == JsonToken.START_ARRAY) {
                shape = Shape.OTHER_ARRAY;
                JsonToken first = json.nextToken();
                begun = first != null;
                if (first == JsonToken.START_OBJECT || first == JsonToken.END_ARRAY) {
                    shape = Shape.ARRAY_OF_OBJECTS;
                    elements.put("", new HashSet<>());
                }
                if (first == JsonToken.START_OBJECT) {
                    readElements(json, "");
                }
            }
        }

        private void readMembers(JsonParser json) throws IOException {
            while (json.currentToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                JsonToken value = json.nextToken();
                if (value == null) {
                    return;
                }
                if (value == JsonToken.START_ARRAY) {
                    JsonToken first = json.nextToken();
                    boolean objects = first == JsonToken.START_OBJECT;
                    members.put(name, objects ? Shape.ARRAY_OF_OBJECTS : Shape.OTHER_ARRAY);
                    elements.put(name, new HashSet<>());
                    if (objects) {
                        readElements(json, name);
                    } else {
                        while (first != null && first != JsonToken.END_ARRAY) {
                            json.skipChildren();
                            first = json.nextToken();
                        }
                    }
                } else {
                    members.put(name, value == JsonToken.START_OBJECT ? Shape.OBJECT : Shape.SCALAR);
                    json.skipChildren();
                }
                json.nextToken();
            }
        }

        /** Reads from the start of the first element to the end of the array. */
        private void readElements(JsonParser json, String array) throws IOException {
            int element = 0;
            while (json.currentToken() != null && json.currentToken() != JsonToken.END_ARRAY) {
                boolean object = json.currentToken() == JsonToken.START_OBJECT;
                if (object && element < ELEMENTS) {
                    while (json.nextToken() == JsonToken.FIELD_NAME) {
                        elements.get(array).add(json.currentName());
                        json.nextToken();
                        json.skipChildren();
                    }
                } else {
                    json.skipChildren();
                }
                element++;
                json.nextToken();
            }
        }
    }
}
