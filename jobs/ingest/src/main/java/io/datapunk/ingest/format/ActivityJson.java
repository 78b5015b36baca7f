package io.datapunk.ingest.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Google's My Activity and YouTube's histories as JSON. Before 2018 YouTube's lists were API responses, whose fields lie
 * in {@code snippet} and {@code contentDetails}.
 */
final class ActivityJson implements FrameParser {
    static final String FAMILY = "google.activity";
    private static final String VIDEO_ADDRESS = "https://www.youtube.com/watch?v=";

    private final OtherSection otherSections = new OtherSection("google.activity");

    @Override
    public List<AcceptedRecord> parse(Frame frame, ParseContext context) throws Unusable, IOException {
        if (!frame.section().isEmpty()) {
            return otherSections.parse(frame, context);
        }
        Fields fields = new Fields();
        try (JsonParser json = Json.openObject(frame)) {
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                fields.take(name, json);
            }
            Json.end(json);
        }
        return List.of(fields.record(frame.position(), context));
    }

    private static final class Fields {
        private final Detail detail = new Detail();
        private final List<String> products = new ArrayList<>(1);
        private String header;
        private String title;
        private String url;
        private EventTime time;
        private String places;

        void take(String name, JsonParser json) throws IOException, Unusable {
            if (json.currentToken().isStructStart()) {
                takeStructure(name, json);
                return;
            }
            switch (name) {
                case "header" -> header = Json.text(json);
                case "title" -> title = Json.text(json);
                case "titleUrl" -> url = Json.text(json);
                case "time" -> time = time(name, json);
                default -> detail.take(name, json);
            }
        }

        private void takeStructure(String name, JsonParser json) throws IOException, Unusable {
            boolean object = json.currentToken() == JsonToken.START_OBJECT;
            if (name.equals("products") && !object) {
                takeProducts(json);
            } else if (name.equals("locationInfos")) {
                places = CanonicalJson.of(json);
                detail.json(name, places);
            } else if (name.equals("snippet") && object) {
                takeSnippet(json);
            } else if (name.equals("contentDetails") && object) {
                takeContentDetails(json);
            } else {
                detail.take(name, json);
            }
        }

        private void takeProducts(JsonParser json) throws IOException {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                products.add(
                        json.currentToken() == JsonToken.VALUE_STRING
                                ? Text.storable(json.getText())
                                : CanonicalJson.of(json));
            }
        }

        private void takeSnippet(JsonParser json) throws IOException, Unusable {
            Detail rest = new Detail();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                switch (name) {
                    case "title" -> title = Json.text(json);
                    case "publishedAt" -> time = time("snippet.publishedAt", json);
                    default -> rest.take(name, json);
                }
            }
            header = header == null ? "YouTube" : header;
            detail.json("snippet", rest.toJson());
        }

        private void takeContentDetails(JsonParser json) throws IOException {
            Detail rest = new Detail();
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                if (name.equals("videoId") && url == null && json.currentToken() == JsonToken.VALUE_STRING) {
                    url = VIDEO_ADDRESS + Json.text(json);
                } else {
                    rest.take(name, json);
                }
            }
            detail.json("contentDetails", rest.toJson());
        }

        private static EventTime time(String field, JsonParser json) throws IOException, Unusable {
            EventTime time = Times.iso(Text.orEmpty(Json.text(json)));
            if (time == null) {
                throw Unusable.malformed(field, "a time");
            }
            return time;
        }

        AcceptedRecord record(long position, ParseContext context) throws Unusable {
            if (time == null) {
                throw Unusable.missing("time");
            }
            if (title == null) {
                throw Unusable.missing("title");
            }
            String product = products.isEmpty() ? header : products.get(0);
            if (header != null && !header.equals(product)) {
                detail.text("header", header);
            }
            if (products.size() > 1) {
                detail.texts("products", products);
            }
            Coordinates place = places == null ? null : PlaceLinks.first(places);
            Payload.Activity activity = new Payload.Activity(
                    product,
                    ActivityKind.of(title, url, context.entryPath()),
                    title,
                    url,
                    detail.toJson(),
                    place == null ? null : place.latitude(),
                    place == null ? null : place.longitude(),
                    null);
            return ActivityRow.of(position, FAMILY, time, activity, false);
        }
    }
}
