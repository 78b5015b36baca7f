package io.datapunk.ingest.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import java.io.IOException;
import java.util.List;

/** A month of Google's semantic location history: visits of places, and trips between them. */
final class SemanticMonth implements FrameParser {
    static final String SECTION = "timelineObjects";

    private final OtherSection otherSections = new OtherSection("google.semantic-month");

    @Override
    public List<AcceptedRecord> parse(Frame frame, ParseContext context) throws Unusable, IOException {
        if (!frame.section().equals(SECTION)) {
            return otherSections.parse(frame, context);
        }
        JsonNode element = JsonTree.object(frame);
        TimelineRows rows = new TimelineRows(frame);
        if (element.path("placeVisit").isObject()) {
            visit(element.get("placeVisit"), JsonTree.canonical(frame), rows);
        } else if (element.path("activitySegment").isObject()) {
            trip(element.get("activitySegment"), JsonTree.canonical(frame), rows);
        } else {
            throw new Unusable("required-field", "the element is neither a placeVisit nor an activitySegment");
        }
        return rows.rows();
    }

    private static void visit(JsonNode visit, String detail, TimelineRows rows) throws Unusable {
        JsonNode location = visit.path("location");
        EventTime start = start(visit);
        Coordinates center = JsonTree.placeE7(visit, "centerLatE7", "centerLngE7", null);
        Coordinates place = JsonTree.placeE7(location, "latitudeE7", "longitudeE7", center);
        String title = JsonTree.text(location, "name");
        if (title == null) {
            title = JsonTree.text(location, "address");
        }
        if (title == null) {
            title = JsonTree.text(location, "semanticType");
        }
        rows.activity("visited", start, title, PlaceIds.url(JsonTree.text(location, "placeId")), detail, place);
        rows.location("visit", start, place, location, false);
        path(visit, rows);
    }

    private static void trip(JsonNode trip, String detail, TimelineRows rows) throws Unusable {
        EventTime start = start(trip);
        JsonNode from = trip.path("startLocation");
        JsonNode to = trip.path("endLocation");
        rows.activity("travelled", start, JsonTree.text(trip, "activityType"), null, detail, JsonTree.placeE7(from));
        rows.location("segment", start, JsonTree.placeE7(from), from, false);
        path(trip, rows);
        JsonNode parking = trip.path("parkingEvent");
        rows.location(
                "parking",
                JsonTree.time(parking, "timestamp"),
                JsonTree.placeE7(parking.path("location")),
                parking.path("location"),
                false);
        rows.location("segment", JsonTree.time(trip.path("duration"), "endTimestamp"), JsonTree.placeE7(to), to, false);
    }

    private static void path(JsonNode element, TimelineRows rows) throws Unusable {
        for (JsonNode point : element.path("simplifiedRawPath").path("points")) {
            rows.location("path", JsonTree.time(point, "timestamp"), JsonTree.placeE7(point), point, false);
        }
    }

    private static EventTime start(JsonNode element) throws Unusable {
        EventTime start = JsonTree.time(element.path("duration"), "startTimestamp");
        if (start == null) {
            throw Unusable.missing("duration.startTimestamp");
        }
        return start;
    }
}
