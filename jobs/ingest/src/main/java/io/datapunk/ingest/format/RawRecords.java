package io.datapunk.ingest.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Identity;
import io.datapunk.ingest.record.Payload;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Makes rows of {@code imports.records}. */
final class RawRecords {
    static final String FAMILY = "raw";

    private RawRecords() {}

    /** The frame's JSON document as it is, in canonical form. */
    static List<AcceptedRecord> ofJson(Frame frame, String kind) throws IOException, Unusable {
        try (JsonParser json = Json.open(frame.buffer(), frame.from(), frame.to())) {
            if (json.nextToken() == null) {
                throw new Unusable("json-shape", "there is no JSON value");
            }
            String document;
            EventTime time = null;
            if (json.currentToken() == JsonToken.START_OBJECT) {
                Detail members = new Detail();
                WellKnownTimes times = new WellKnownTimes();
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String name = json.currentName();
                    if (json.nextToken().isScalarValue()) {
                        times.offer(name, json.getText());
                    }
                    members.take(name, json);
                }
                document = members.isEmpty() ? "{}" : members.toJson();
                time = times.best();
            } else {
                document = CanonicalJson.of(json);
            }
            Json.end(json);
            return List.of(record(frame.position(), kind, document, time));
        }
    }

    /** A row that is equal to another of its entry counts as another: raw sources may repeat themselves. */
    static AcceptedRecord record(long position, String kind, String document, EventTime time) {
        String name = Text.storable(kind);
        return new AcceptedRecord(
                position,
                Optional.ofNullable(time),
                new Identity(FAMILY, List.of(name, document), true, name + '\n' + document),
                new Payload.RawDocument(name, document));
    }
}
