package io.datapunk.ingest.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;

/**
 * The timeline that a phone exports. Android has segments and raw signals in a top-level object and writes places as
 * {@code "48.85°, 2.35°"}; iOS has an array of segments, writes {@code "geo:48.85,2.35"}, numbers as texts, and a path's
 * times as minutes since its start.
 */
final class TimelineSegments implements FrameParser {
    static final String SEGMENTS = "semanticSegments";
    static final String SIGNALS = "rawSignals";

    private static final String NAME = "google.timeline";

    private final OtherSection otherSections = new OtherSection(NAME);

    @Override
    public List<AcceptedRecord> parse(Frame frame, ParseContext context) throws Unusable, IOException {
        return switch (frame.section()) {
            case "", SEGMENTS -> segment(frame);
            case SIGNALS -> signal(frame);
            default -> otherSections.parse(frame, context);
        };
    }

    private static List<AcceptedRecord> segment(Frame frame) throws Unusable, IOException {
        JsonNode segment = JsonTree.object(frame);
        EventTime start = time(segment, "startTime", "startTimeTimezoneUtcOffsetMinutes");
        if (start == null) {
            throw Unusable.missing("startTime");
        }
        TimelineRows rows = new TimelineRows(frame);
        if (segment.path("visit").isObject()) {
            visit(segment.get("visit"), start, JsonTree.canonical(frame), rows);
        } else if (segment.path("activity").isObject()) {
            trip(segment, start, JsonTree.canonical(frame), rows);
        } else if (segment.path("timelinePath").isArray()) {
            path(segment, start, JsonTree.canonical(frame), rows);
        } else {
            return List.of(RawRecords.record(frame.position(), NAME + "#segment", JsonTree.canonical(frame), start));
        }
        return rows.rows();
    }

    private static void visit(JsonNode visit, EventTime start, String detail, TimelineRows rows) throws Unusable {
        JsonNode candidate = visit.path("topCandidate");
        Coordinates place = place(candidate, "placeLocation");
        String placeId = JsonTree.text(candidate, "placeId");
        if (placeId == null) {
            placeId = JsonTree.text(candidate, "placeID");
        }
        rows.activity("visited", start, JsonTree.text(candidate, "semanticType"), PlaceIds.url(placeId), detail, place);
        rows.location("visit", start, place, candidate, false);
    }

    private static void trip(JsonNode segment, EventTime start, String detail, TimelineRows rows) throws Unusable {
        JsonNode trip = segment.get("activity");
        Coordinates from = place(trip, "start");
        rows.activity("travelled", start, JsonTree.text(trip.path("topCandidate"), "type"), null, detail, from);
        rows.location("segment", start, from, trip, false);
        JsonNode parking = trip.path("parking");
        rows.location(
                "parking", time(parking, "startTime", ""), place(parking, "location"), parking.path("location"), false);
        rows.location(
                "segment",
                time(segment, "endTime", "endTimeTimezoneUtcOffsetMinutes"),
                place(trip, "end"),
                trip,
                false);
    }

    private static void path(JsonNode segment, EventTime start, String detail, TimelineRows rows) throws Unusable {
        rows.activity("moved", start, null, null, detail, null);
        for (JsonNode point : segment.get("timelinePath")) {
            String minutes = JsonTree.text(point, "durationMinutesOffsetFromStartTime");
            EventTime time = minutes == null ? time(point, "time", "") : later(start, minutes);
            rows.location("path", time, place(point, "point"), point, minutes != null);
        }
    }

    private static List<AcceptedRecord> signal(Frame frame) throws Unusable, IOException {
        JsonNode signal = JsonTree.object(frame);
        JsonNode position = signal.path("position");
        if (!position.isObject()) {
            // One member names what the signal is.
            boolean named = signal.size() == 1;
            JsonNode body = named ? signal.elements().next() : signal;
            EventTime time = time(body, "timestamp", "");
            return List.of(RawRecords.record(
                    frame.position(),
                    NAME + '#' + (named ? signal.fieldNames().next() : SIGNALS),
                    JsonTree.canonical(frame),
                    time == null ? time(body, "deliveryTime", "") : time));
        }
        LocationPoint point = new LocationPoint();
        position.fields().forEachRemaining(field -> {
            JsonNode value = field.getValue();
            switch (field.getKey()) {
                case "LatLng", "latLng", "timestamp" -> {}
                case "accuracyMeters" -> point.accuracyM = number(value);
                case "altitudeMeters" -> point.altitudeM = number(value);
                case "speedMetersPerSecond" -> point.speedMps = number(value);
                case "source" -> point.source(value.asText());
                default -> point.detail.json(field.getKey(), CanonicalJson.of(value));
            }
        });
        point.time = time(position, "timestamp", "");
        if (point.time == null) {
            throw Unusable.missing("position.timestamp");
        }
        String where = JsonTree.text(position, position.has("LatLng") ? "LatLng" : "latLng");
        if (where == null) {
            throw Unusable.missing("position.LatLng");
        }
        point.place(Coordinates.ofText("position.LatLng", where));
        return List.of(point.record(frame.position(), false));
    }

    private static Double number(JsonNode value) {
        double number = value.asDouble(Double.NaN);
        return Double.isNaN(number) ? null : number;
    }

    /** A place as a text, or as an object with the text in {@code latLng}; null where it is missing or unknown. */
    private static Coordinates place(JsonNode object, String field) throws Unusable {
        JsonNode value = object.path(field);
        String text = value.isTextual() ? value.asText() : JsonTree.text(value, "latLng");
        if (text == null || text.isBlank()) {
            return null;
        }
        try {
            return Coordinates.ofText(field, text);
        } catch (Unusable e) {
            if (e.check().equals("null-island")) {
                return null;
            }
            throw e;
        }
    }

    /** The local offset stands beside the time, which itself may be in another one. */
    private static EventTime time(JsonNode object, String field, String offsetField) throws Unusable {
        EventTime time = JsonTree.time(object, field);
        JsonNode minutes = object.path(offsetField);
        if (time == null || !minutes.isInt()) {
            return time;
        }
        try {
            ZoneOffset offset = ZoneOffset.ofTotalSeconds(Math.multiplyExact(minutes.intValue(), 60));
            return EventTime.exact(time.instant(), offset.equals(ZoneOffset.UTC) ? "UTC" : offset.getId());
        } catch (DateTimeException | ArithmeticException e) {
            return time;
        }
    }

    private static EventTime later(EventTime start, String minutes) throws Unusable {
        try {
            Instant instant = start.instant().plusSeconds(Math.multiplyExact(Long.parseLong(minutes), 60L));
            return new EventTime(instant, start.zone(), start.certainty());
        } catch (NumberFormatException | ArithmeticException | DateTimeException e) {
            throw Unusable.malformed("durationMinutesOffsetFromStartTime", "a number of minutes");
        }
    }
}
