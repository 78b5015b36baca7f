package io.datapunk.ingest.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import java.io.IOException;
import java.util.List;

/** Raw fixes of Google's location history: {@code Records.json}, before 2022 {@code Location History.json}. */
final class LocationRecords implements FrameParser {
    static final String SECTION = "locations";

    private final OtherSection otherSections = new OtherSection("google.location-records");

    @Override
    public List<AcceptedRecord> parse(Frame frame, ParseContext context) throws Unusable, IOException {
        if (!frame.section().equals(SECTION)) {
            return otherSections.parse(frame, context);
        }
        LocationPoint point = new LocationPoint();
        try (JsonParser json = Json.openObject(frame)) {
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                take(point, name, json);
            }
            Json.end(json);
        }
        return List.of(point.record(frame.position(), false));
    }

    private static void take(LocationPoint point, String name, JsonParser json) throws IOException, Unusable {
        if (json.currentToken().isStructStart()) {
            point.detail.take(name, json);
            return;
        }
        switch (name) {
            case "latitudeE7" -> point.latitudeE7 = wholeNumber(name, json);
            case "longitudeE7" -> point.longitudeE7 = wholeNumber(name, json);
            case "timestamp" -> point.time = time(name, Times.isoOrEpoch(json.getText()));
            case "timestampMs" -> point.time = time(name, Times.epochMillis(json.getText()));
            case "accuracy" -> point.accuracyM = number(name, json);
            case "altitude" -> point.altitudeM = number(name, json);
            case "velocity" -> point.speedMps = number(name, json);
            case "heading" -> point.headingDeg = number(name, json);
            case "deviceTag" -> point.device = json.getText();
            case "source" -> point.source(json.getText());
            default -> point.detail.take(name, json);
        }
    }

    private static EventTime time(String field, EventTime time) throws Unusable {
        if (time == null) {
            throw Unusable.malformed(field, "a time");
        }
        return time;
    }

    private static Long wholeNumber(String field, JsonParser json) throws IOException, Unusable {
        if (json.currentToken() == JsonToken.VALUE_NUMBER_INT) {
            return json.getLongValue();
        }
        try {
            return Long.parseLong(json.getText());
        } catch (NumberFormatException e) {
            throw Unusable.malformed(field, "a whole number");
        }
    }

    private static Double number(String field, JsonParser json) throws IOException, Unusable {
        if (json.currentToken().isNumeric()) {
            return json.getDoubleValue();
        }
        if (json.getText().isEmpty()) {
            // Some exports write an unknown speed so.
            return null;
        }
        try {
            return Double.parseDouble(json.getText());
        } catch (NumberFormatException e) {
            throw Unusable.malformed(field, "a number");
        }
    }
}
