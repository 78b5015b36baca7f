package io.datapunk.ingest.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Payload;
import java.io.IOException;
import java.util.List;

/** Chrome's page visits: {@code BrowserHistory.json}, since 2024 {@code History.json}. */
final class ChromeHistory implements FrameParser {
    static final String SECTION = "Browser History";

    private final OtherSection otherSections = new OtherSection("google.chrome-history");

    @Override
    public List<AcceptedRecord> parse(Frame frame, ParseContext context) throws Unusable, IOException {
        if (!frame.section().equals(SECTION)) {
            return otherSections.parse(frame, context);
        }
        EventTime time = null;
        String title = null;
        String url = null;
        Detail detail = new Detail();
        try (JsonParser json = Json.openObject(frame)) {
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "time_usec" -> {
                        time = Times.epochMicros(Text.orEmpty(Json.text(json)));
                        if (time == null) {
                            throw Unusable.malformed(name, "microseconds since 1970");
                        }
                    }
                    case "title" -> title = Json.text(json);
                    case "url" -> url = Json.text(json);
                    default -> detail.take(name, json);
                }
            }
            Json.end(json);
        }
        if (time == null) {
            throw Unusable.missing("time_usec");
        }
        if (url == null) {
            throw Unusable.missing("url");
        }
        Payload.Activity visit =
                new Payload.Activity("Chrome", "visited", title, url, detail.toJson(), null, null, null);
        return List.of(ActivityRow.of(frame.position(), "google.chrome", time, visit, false));
    }
}
