package io.datapunk.ingest.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.datapunk.ingest.framing.Frame;
import java.io.IOException;

/** Opens frames as streams of JSON tokens. */
final class Json {
    /** Frames are bounded by the framing, so that only depth needs a limit of its own. */
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(Integer.MAX_VALUE)
                    .maxNestingDepth(500)
                    .maxNumberLength(1000)
                    .build())
            .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
            .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
            .build();

    private Json() {}

    static JsonParser open(byte[] buffer, int from, int to) throws IOException {
        return FACTORY.createParser(buffer, from, to - from);
    }

    /**
     * Opens a frame that has to hold one object, and steps into it.
     *
     * @throws Unusable where the frame holds something else
     */
    static JsonParser openObject(Frame frame) throws IOException, Unusable {
        JsonParser parser = open(frame.buffer(), frame.from(), frame.to());
        if (parser.nextToken() != JsonToken.START_OBJECT) {
            parser.close();
            throw new Unusable("json-shape", "the record is not a JSON object");
        }
        return parser;
    }

    /**
     * Checks that nothing stands behind the object that was read.
     *
     * @throws Unusable where something does
     */
    static void end(JsonParser parser) throws IOException, Unusable {
        if (parser.nextToken() != null) {
            throw new Unusable("json-shape", "something follows the JSON object");
        }
    }

    /** A scalar as text, repaired; null for null, objects and arrays, which are skipped. */
    static String text(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        if (token.isStructStart()) {
            parser.skipChildren();
            return null;
        }
        return token == JsonToken.VALUE_NULL ? null : Text.storable(parser.getText());
    }
}
