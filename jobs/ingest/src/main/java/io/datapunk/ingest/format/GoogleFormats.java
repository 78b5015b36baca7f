package io.datapunk.ingest.format;

import io.datapunk.ingest.framing.FramingKind;
import java.util.List;

/** The formats of Google's exports. */
final class GoogleFormats {
    static final RecordFormat ACTIVITY_JSON =
            new GuardedFormat("google.activity.json", 1, FramingKind.JSON, new ActivityJson());
    static final RecordFormat ACTIVITY_HTML =
            new GuardedFormat("google.activity.html", 1, FramingKind.HTML_CELLS, new ActivityHtml());
    static final RecordFormat CHROME_HISTORY =
            new GuardedFormat("google.chrome-history", 1, FramingKind.JSON, new ChromeHistory());
    static final RecordFormat LOCATION_RECORDS =
            new GuardedFormat("google.location-records", 1, FramingKind.JSON, new LocationRecords());
    static final RecordFormat SEMANTIC_MONTH =
            new GuardedFormat("google.semantic-month", 1, FramingKind.JSON, new SemanticMonth());
    static final RecordFormat TIMELINE =
            new GuardedFormat("google.timeline", 1, FramingKind.JSON, new TimelineSegments());
    static final RecordFormat PHOTO_SIDECAR =
            new GuardedFormat("google.photo-sidecar", 1, FramingKind.WHOLE, new PhotoSidecar());
    static final RecordFormat PHOTO_ALBUM = new GuardedFormat(
            "google.photo-album",
            1,
            FramingKind.WHOLE,
            (frame, context) -> RawRecords.ofJson(frame, "google.photo-album"));

    static final List<RecordFormat> ALL = List.of(
            ACTIVITY_JSON,
            ACTIVITY_HTML,
            CHROME_HISTORY,
            LOCATION_RECORDS,
            SEMANTIC_MONTH,
            TIMELINE,
            PHOTO_SIDECAR,
            PHOTO_ALBUM);

    private GoogleFormats() {}
}
