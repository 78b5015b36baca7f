package io.datapunk.ingest.format;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Payload;
import java.util.ArrayList;
import java.util.List;

/**
 * The rows of one element of a timeline: the visit or trip as an activity that keeps all of the element, and each place
 * with a time as a location. A place that cannot become a location stays in the activity.
 */
final class TimelineRows {
    private static final String FAMILY = "google.timeline";
    private static final String PRODUCT = "Timeline";

    private final Frame frame;
    private final List<AcceptedRecord> rows = new ArrayList<>();

    TimelineRows(Frame frame) {
        this.frame = frame;
    }

    /** Adds the visit or trip itself. */
    void activity(String kind, EventTime time, String title, String url, String detail, Coordinates place) {
        Payload.Activity activity = new Payload.Activity(
                PRODUCT,
                kind,
                title,
                url,
                detail,
                place == null ? null : place.latitude(),
                place == null ? null : place.longitude(),
                null);
        rows.add(ActivityRow.of(nextPosition(), FAMILY, time, activity, false));
    }

    /**
     * Adds a place.
     *
     * @param coarse whether the time is told in minutes
     */
    void location(String origin, EventTime time, Coordinates place, JsonNode fields, boolean coarse) throws Unusable {
        if (time == null || place == null) {
            return;
        }
        LocationPoint point = new LocationPoint();
        point.time = time;
        point.place(place);
        point.source(origin);
        point.accuracyM = firstNumber(fields, "accuracyMeters", "accuracyMetres");
        JsonNode device = fields.path("sourceInfo").path("deviceTag");
        point.device = device.isMissingNode() || device.isNull() ? null : device.asText();
        rows.add(point.record(nextPosition(), coarse));
    }

    List<AcceptedRecord> rows() {
        return rows;
    }

    /** The rows of one frame stand at different bytes of it, so that each has a place of its own. */
    private long nextPosition() {
        return frame.position() + rows.size();
    }

    private static Double firstNumber(JsonNode fields, String... names) {
        for (String name : names) {
            JsonNode value = fields.path(name);
            if (value.isNumber()) {
                return value.doubleValue();
            }
        }
        return null;
    }
}
