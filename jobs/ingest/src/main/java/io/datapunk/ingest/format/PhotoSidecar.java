package io.datapunk.ingest.format;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Identity;
import io.datapunk.ingest.record.Payload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What Google Photos knows of a photo or video, in a JSON document beside it. */
final class PhotoSidecar implements FrameParser {
    static final String FAMILY = "google.photos";

    @Override
    public List<AcceptedRecord> parse(Frame frame, ParseContext context) throws Unusable, IOException {
        Fields fields = new Fields();
        try (JsonParser json = Json.openObject(frame)) {
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                fields.take(name, json);
            }
            Json.end(json);
        }
        return List.of(fields.record(frame.position(), context.entryPath()));
    }

    /** What stands in the match key of a photo: equal in its year's folder, in albums, with and without the file. */
    static String matchMaterial(String fileName, Optional<EventTime> time) {
        return EntryPath.comparable(fileName)
                + '\n'
                + time.map(taken -> Long.toString(taken.epochMicros())).orElse("");
    }

    private static final class Fields {
        private final Detail detail = new Detail();
        private final List<String> people = new ArrayList<>(0);
        private String title;
        private EventTime taken;
        private boolean takenSeen;
        private String created = "";
        private Coordinates place;
        private Coordinates exifPlace;

        void take(String name, JsonParser json) throws IOException, Unusable {
            boolean object = json.currentToken() == JsonToken.START_OBJECT;
            switch (name) {
                case "title" -> title = Json.text(json);
                case "photoTakenTime" -> {
                    takenSeen = true;
                    taken = object ? time(json) : null;
                }
                case "creationTime" -> {
                    String canonical = CanonicalJson.of(json);
                    created = canonical;
                    detail.json(name, canonical);
                }
                case "geoData" -> place = object ? takePlace(name, json) : null;
                case "geoDataExif" -> exifPlace = object ? takePlace(name, json) : null;
                case "people" -> takePeople(name, json);
                default -> detail.take(name, json);
            }
        }

        /** Seconds since 1970 as a text; 0 where Google does not know it. */
        private static EventTime time(JsonParser json) throws IOException, Unusable {
            String seconds = null;
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String name = json.currentName();
                json.nextToken();
                String value = Json.text(json);
                if (name.equals("timestamp")) {
                    seconds = value;
                }
            }
            if (seconds == null) {
                throw Unusable.missing("photoTakenTime.timestamp");
            }
            EventTime time = Times.epochSeconds(seconds);
            if (time == null) {
                throw Unusable.malformed("photoTakenTime.timestamp", "seconds since 1970");
            }
            return time.epochMicros() == 0 ? null : time;
        }

        private Coordinates takePlace(String name, JsonParser json) throws IOException {
            Detail members = new Detail();
            double latitude = Double.NaN;
            double longitude = Double.NaN;
            while (json.nextToken() != JsonToken.END_OBJECT) {
                String member = json.currentName();
                json.nextToken();
                if (json.currentToken().isNumeric() && member.equals("latitude")) {
                    latitude = json.getDoubleValue();
                } else if (json.currentToken().isNumeric() && member.equals("longitude")) {
                    longitude = json.getDoubleValue();
                }
                members.take(member, json);
            }
            detail.json(name, members.toJson());
            try {
                return Coordinates.checked(latitude, longitude);
            } catch (Unusable e) {
                return null;
            }
        }

        private void takePeople(String name, JsonParser json) throws IOException {
            if (json.currentToken() != JsonToken.START_ARRAY) {
                detail.take(name, json);
                return;
            }
            while (json.nextToken() != JsonToken.END_ARRAY) {
                if (json.currentToken() != JsonToken.START_OBJECT) {
                    detail.take("people", json);
                    continue;
                }
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    String member = json.currentName();
                    json.nextToken();
                    if (member.equals("name") && json.currentToken() == JsonToken.VALUE_STRING) {
                        people.add(Text.storable(json.getText()));
                    } else {
                        detail.take("people." + member, json);
                    }
                }
            }
        }

        AcceptedRecord record(long position, String sidecar) throws Unusable {
            if (title == null) {
                throw Unusable.missing("title");
            }
            if (!takenSeen) {
                throw Unusable.missing("photoTakenTime");
            }
            Optional<EventTime> time = Optional.ofNullable(taken);
            Coordinates where = place == null ? exifPlace : place;
            Payload.Media media = new Payload.Media(
                    title,
                    MediaTypes.declared(title).orElse(null),
                    null,
                    null,
                    null,
                    null,
                    null,
                    where == null ? null : where.latitude(),
                    where == null ? null : where.longitude(),
                    PhotoAlbum.of(sidecar),
                    people,
                    sidecar,
                    detail.toJson());
            List<String> fields = List.of(
                    "sidecar",
                    EntryPath.comparable(title),
                    time.map(at -> Long.toString(at.epochMicros())).orElse(""),
                    created);
            return new AcceptedRecord(
                    position, time, new Identity(FAMILY, fields, false, matchMaterial(title, time)), media);
        }
    }
}
