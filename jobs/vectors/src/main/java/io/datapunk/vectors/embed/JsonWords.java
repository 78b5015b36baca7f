package io.datapunk.vectors.embed;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Optional;
import java.util.StringJoiner;

/**
 * Makes words of a JSON document. Texts stand as they are; numbers and truth values after their key, for alone they say
 * nothing: <code>{"alert": "disk full", "used_percent": 97, "owner": null}</code> is {@code disk full used percent 97}.
 */
final class JsonWords {
    private static final JsonFactory JSON = new JsonFactory();

    private JsonWords() {}

    /** Empty where a value is no JSON object or array. */
    static Optional<String> of(String value) {
        String json = value.strip();
        if (!json.startsWith("{") && !json.startsWith("[")) {
            return Optional.empty();
        }
        StringJoiner words = new StringJoiner(" ");
        try (JsonParser parser = JSON.createParser(json)) {
            int depth = 0;
            String key = "";
            do {
                JsonToken token = parser.nextToken();
                if (token.isStructStart()) {
                    depth++;
                } else if (token.isStructEnd()) {
                    depth--;
                } else if (token == JsonToken.FIELD_NAME) {
                    key = parser.currentName().replace('_', ' ');
                } else if (token == JsonToken.VALUE_STRING) {
                    words.add(parser.getText());
                } else if (token != JsonToken.VALUE_NULL) {
                    words.add((key + " " + parser.getText()).strip());
                }
            } while (depth > 0);
            return parser.nextToken() == null ? Optional.of(words.toString()) : Optional.empty();
        } catch (IOException notJson) {
            return Optional.empty();
        }
    }
}
