package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Payload;
import io.datapunk.ingest.record.RejectedRecord;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ActivityJsonTest {
    private static final String PATH = "Takeout/Meine Aktivitäten/Suche/MeineAktivitäten.json";

    @Test
    void everyColumnIsFilledAndTheRestIsKeptInDetail() {
        AcceptedRecord row = Parsing.row(PATH, """
                [{"header": "tea.example", "title": "Searched for green tea", "titleUrl": "https://www.google.com/search?q\\u003dgreen+tea",
                  "description": "a walk", "time": "2024-02-13T08:36:49.123456Z", "products": ["Search", "Maps"],
                  "subtitles": [{"url": "https://tea.example/", "name": "Tea"}],
                  "details": [{"name": "From Google Ads"}], "activityControls": ["Web & App Activity"],
                  "locationInfos": [{"name": "At this general area", "url": "https://www.google.com/maps/@?api=1&map_action=map&center=52.5,13.25&zoom=12", "source": "From your device"}]}]
                """);

        assertThat(row.time()).contains(EventTime.exact(Instant.parse("2024-02-13T08:36:49.123456Z"), "UTC"));
        assertThat(row.payload())
                .isEqualTo(new Payload.Activity(
                        "Search",
                        "searched",
                        "Searched for green tea",
                        "https://www.google.com/search?q=green+tea",
                        "{\"activityControls\":[\"Web & App Activity\"],\"description\":\"a walk\","
                                + "\"details\":[{\"name\":\"From Google Ads\"}],\"header\":\"tea.example\","
                                + "\"locationInfos\":[{\"name\":\"At this general area\",\"source\":\"From your device\","
                                + "\"url\":\"https://www.google.com/maps/@?api=1&map_action=map&center=52.5,13.25&zoom=12\"}],"
                                + "\"products\":[\"Search\",\"Maps\"],"
                                + "\"subtitles\":[{\"name\":\"Tea\",\"url\":\"https://tea.example/\"}]}",
                        52.5,
                        13.25,
                        null));
        assertThat(row.identity().sourceFamily()).isEqualTo("google.activity");
        assertThat(row.identity().canonicalFields())
                .containsExactly(
                        "Search", "Searched for green tea", "www.google.com/search?q=green+tea", "1707813409123456");
        assertThat(row.identity().occurrenceNumbered()).isFalse();
    }

    @Test
    void before2018YouTubeListedApiResponses() {
        AcceptedRecord row = Parsing.row("Takeout/YouTube/history/watch-history.json", """
                [{"contentDetails": {"videoId": "abc123", "note": 1}, "etag": "x", "kind": "youtube#playlistItem",
                  "snippet": {"publishedAt": "2016-07-05T18:27:32.000Z", "title": "A film", "channelTitle": "Films"}}]
                """);

        assertThat(row.time()).contains(EventTime.exact(Instant.parse("2016-07-05T18:27:32Z"), "UTC"));
        assertThat(row.payload())
                .isEqualTo(new Payload.Activity(
                        "YouTube",
                        "watched",
                        "A film",
                        "https://www.youtube.com/watch?v=abc123",
                        "{\"contentDetails\":{\"note\":1},\"etag\":\"x\",\"kind\":\"youtube#playlistItem\","
                                + "\"snippet\":{\"channelTitle\":\"Films\"}}",
                        null,
                        null,
                        null));
    }

    @Test
    void aGermanWatchHistoryIsWatchedThoughItsVerbIsGerman() {
        AcceptedRecord row = Parsing.row(
                "Takeout/YouTube und YouTube Music/Verlauf/Wiedergabeverlauf.json",
                "[{\"header\":\"YouTube\",\"title\":\"Ein Film angesehen\",\"titleUrl\":\"https://www.youtube.com/watch?v=1\","
                        + "\"time\":\"2024-02-13T08:36:49Z\",\"products\":[\"YouTube\"]}]");

        assertThat(((Payload.Activity) row.payload()).kind()).isEqualTo("watched");
        assertThat(((Payload.Activity) row.payload()).detail()).isNull();
    }

    @Test
    void aRecordWithoutTimeOrTitleIsRejected() {
        assertThat(Parsing.reject(PATH, "[{\"header\":\"Search\",\"title\":\"x\"}]"))
                .extracting(RejectedRecord::check, RejectedRecord::reason)
                .containsExactly("required-field", "field 'time' is missing");
        assertThat(Parsing.reject(PATH, "[{\"header\":\"Search\",\"time\":\"2024-02-13T08:36:49Z\"}]"))
                .extracting(RejectedRecord::check, RejectedRecord::reason)
                .containsExactly("required-field", "field 'title' is missing");
    }

    @Test
    void whatTextColumnsCannotHoldIsReplaced() {
        AcceptedRecord row = Parsing.row(
                PATH,
                "[{\"header\":\"Search\",\"title\":\"a\\u0000b\\ud83d\",\"time\":\"2024-02-13T08:36:49Z\","
                        + "\"description\":\"a\\u0000b\\ud83d\"}]");

        Payload.Activity activity = (Payload.Activity) row.payload();
        assertThat(activity.title()).isEqualTo("a\ufffdb\ufffd");
        assertThat(activity.detail()).isEqualTo("{\"description\":\"a\\u0000b\\ud83d\"}");
    }
}
