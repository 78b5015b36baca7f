package io.datapunk.ingest.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.EventTime;
import java.io.IOException;

/** Elements that are nested too variously for reading them token by token. */
final class JsonTree {
    private static final ObjectReader READER = new ObjectMapper().readerFor(JsonNode.class);

    private JsonTree() {}

    /**
     * The frame's object.
     *
     * @throws Unusable where the frame holds something else
     */
    static JsonNode object(Frame frame) throws IOException, Unusable {
        try (JsonParser json = Json.open(frame.buffer(), frame.from(), frame.to())) {
            JsonNode node = READER.readValue(json);
            if (node == null || !node.isObject()) {
                throw new Unusable("json-shape", "the record is not a JSON object");
            }
            Json.end(json);
            return node;
        }
    }

    /** The frame's document in canonical form. */
    static String canonical(Frame frame) throws IOException {
        try (JsonParser json = Json.open(frame.buffer(), frame.from(), frame.to())) {
            json.nextToken();
            return CanonicalJson.of(json);
        }
    }

    /** A field's text; null where it is missing, null or no scalar. */
    static String text(JsonNode object, String field) {
        JsonNode value = object.path(field);
        return value.isValueNode() && !value.isNull() ? Text.emptyToNull(Text.storable(value.asText())) : null;
    }

    /** The time of a field that is ISO or a number, or milliseconds under the same name with {@code Ms}; null where it is missing. */
    static EventTime time(JsonNode object, String field) throws Unusable {
        String iso = text(object, field);
        String millis = text(object, field + "Ms");
        if (iso == null && millis == null) {
            return null;
        }
        EventTime time = iso != null ? Times.isoOrEpoch(iso) : Times.epochMillis(millis);
        if (time == null) {
            throw Unusable.malformed(field, "a time");
        }
        return time;
    }

    /** A place in 10^-7 degrees under one of the names that exports use; null where it is missing, unknown or none. */
    static Coordinates placeE7(JsonNode object) {
        return placeE7(object, "latitudeE7", "longitudeE7", placeE7(object, "latE7", "lngE7", null));
    }

    static Coordinates placeE7(JsonNode object, String latitude, String longitude, Coordinates otherwise) {
        JsonNode lat = object.path(latitude);
        JsonNode lng = object.path(longitude);
        if (!lat.canConvertToLong() || !lng.canConvertToLong()) {
            return otherwise;
        }
        try {
            return Coordinates.ofE7(lat.longValue(), lng.longValue());
        } catch (Unusable e) {
            return otherwise;
        }
    }
}
