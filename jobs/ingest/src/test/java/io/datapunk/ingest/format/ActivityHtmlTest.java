package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.MatchCandidate;
import io.datapunk.ingest.record.MatchRule;
import io.datapunk.ingest.record.Payload;
import io.datapunk.ingest.record.RejectedRecord;
import io.datapunk.ingest.record.ZoneCertainty;
import io.datapunk.lake.model.table.ActivityTable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ActivityHtmlTest {
    private static final String PATH = "Takeout/My Activity/Search/MyActivity.html";

    private static String page(String... cells) {
        return "<html><head><title>My Activity History</title><style>.content-cell {}</style></head>"
                + "<body><div class=\"mdl-grid\">\n" + String.join("\n", cells) + "</div></body></html>";
    }

    private static String cell(String header, String body, String caption) {
        return """
                <div class="outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp"><div class="mdl-grid">
                <div class="header-cell mdl-cell mdl-cell--12-col"><p class="mdl-typography--title">%s<br></p></div>
                <div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1">%s</div>
                <div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1 mdl-typography--text-right"></div>
                <div class="content-cell mdl-cell mdl-cell--12-col mdl-typography--caption">%s</div></div></div>""".formatted(header, body, caption);
    }

    @Test
    void everyColumnIsFilledAndTheRestIsKeptInDetailAsJsonExportsHaveIt() {
        AcceptedRecord row = Parsing.row(
                PATH,
                page(cell(
                        "tea.example",
                        "Visited&nbsp;<a href=\"https://tea.example/?a=1&amp;b=2\">Green &amp; black</a><br>"
                                + "A walk<br><a href=\"https://more.example/\">More</a><br>Feb 13, 2024, 8:36:49\u202fAM EET",
                        "<b>Products:</b><br>&emsp;Search<br>&emsp;Maps<br><b>Locations:</b><br>&emsp;At "
                                + "<a href=\"https://www.google.com/maps/@?api=1&amp;map_action=map&amp;center=52.5,13.25&amp;zoom=12\">this general area</a>"
                                + " - From <a href=\"https://support.google.com/1\">your places</a> (Home)<br>"
                                + "<b>Details:</b><br>&emsp;From IP 8.8.8.8<br><b>Why is this here?</b>")));

        assertThat(row.time())
                .contains(new EventTime(
                        Instant.parse("2024-02-13T06:36:49Z"), Optional.of("+02:00"), ZoneCertainty.INFERRED));
        assertThat(row.payload())
                .isEqualTo(new Payload.Activity(
                        "Search",
                        "visited",
                        "Visited Green & black",
                        "https://tea.example/?a=1&b=2",
                        "{\"details\":[{\"name\":\"From IP 8.8.8.8\"},{\"name\":\"Why is this here?\"}],"
                                + "\"header\":\"tea.example\","
                                + "\"locationInfos\":[{\"name\":\"At this general area\",\"source\":\"From your places (Home)\","
                                + "\"sourceUrl\":\"https://support.google.com/1\","
                                + "\"url\":\"https://www.google.com/maps/@?api=1&map_action=map&center=52.5,13.25&zoom=12\"}],"
                                + "\"products\":[\"Search\",\"Maps\"],"
                                + "\"subtitles\":[{\"name\":\"A walk\"},{\"name\":\"More\",\"url\":\"https://more.example/\"}]}",
                        52.5,
                        13.25,
                        null));
        assertThat(row.identity().occurrenceNumbered()).isTrue();
    }

    @Test
    void sinceJuly2026ABreakAndTheAnswerFollowTheTime() {
        AcceptedRecord row = Parsing.row(
                PATH,
                page(cell(
                        "Gemini",
                        "Prompted how tea is made<br/>Jul 3, 2026, 9:05:01 PM UTC<br/><p>With <a href=\"https://water.example/\">water</a>.</p><p>Hot.</p>",
                        "<b>Products:</b><br>&emsp;Gemini<br>")));

        assertThat(row.time()).contains(EventTime.exact(Instant.parse("2026-07-03T21:05:01Z"), "UTC"));
        Payload.Activity activity = (Payload.Activity) row.payload();
        assertThat(activity.title()).isEqualTo("Prompted how tea is made");
        assertThat(activity.kind()).isEqualTo("prompted");
        assertThat(activity.detail())
                .isEqualTo(
                        "{\"subtitles\":[{\"name\":\"With water.\",\"url\":\"https://water.example/\"},{\"name\":\"Hot.\"}]}");
    }

    @Test
    void aGermanPageIsReadWithItsLabelsAndItsTime() {
        AcceptedRecord row = Parsing.row(
                "Takeout/Meine Aktivitäten/YouTube/MeineAktivitäten.html",
                page(cell(
                        "YouTube",
                        "<a href=\"https://www.youtube.com/watch?v=1\">Ein Film</a>&nbsp;angesehen<br>01.09.2022, 21:08:12 MESZ",
                        "<b>Produkte:</b><br>&emsp;YouTube<br>")));

        assertThat(row.time())
                .contains(new EventTime(
                        Instant.parse("2022-09-01T19:08:12Z"), Optional.of("+02:00"), ZoneCertainty.INFERRED));
        assertThat(((Payload.Activity) row.payload()).title()).isEqualTo("Ein Film angesehen");
        assertThat(((Payload.Activity) row.payload()).product()).isEqualTo("YouTube");
        assertThat(((Payload.Activity) row.payload()).detail()).isNull();
    }

    @Test
    void aCellWithoutAReadableTimeIsRejectedWithoutRepeatingItsContent() {
        RejectedRecord reject = Parsing.reject(
                PATH, page(cell("Search", "Searched for secrets<br>the day before", "<b>Products:</b><br>Search")));

        assertThat(reject.check()).isEqualTo("required-field");
        assertThat(reject.reason()).doesNotContain("secrets").contains("time");
        assertThat(new String(reject.sample(), StandardCharsets.UTF_8)).contains("secrets");
    }

    @Test
    void oneEventInJsonAndInHtmlSharesItsMatchKeyAndTheRuleSaysSo() {
        AcceptedRecord json = Parsing.row(
                "Takeout/My Activity/Search/MyActivity.json",
                "[{\"header\":\"Search\",\"title\":\"Searched for tea\",\"titleUrl\":\"https://www.google.com/search?q=tea\","
                        + "\"time\":\"2024-02-13T08:36:49.123Z\",\"products\":[\"Search\"]}]");
        AcceptedRecord winter = html("Feb 13, 2024, 9:36:49 AM CET", "takeout-20240301T000000Z-001.zip");
        AcceptedRecord summer = html("Feb 13, 2024, 10:36:49 AM CEST", "takeout-20240701T000000Z-001.zip");
        AcceptedRecord unzoned = html("Feb 13, 2024, 9:36:49 AM", "renamed.zip");
        AcceptedRecord later = html("Feb 13, 2024, 9:36:50 AM CET", "takeout-20240301T000000Z-001.zip");

        assertThat(List.of(winter, summer, unzoned))
                .extracting(row -> row.identity().matchMaterial())
                .containsOnly(json.identity().matchMaterial());
        assertThat(winter.time().get().instant()).isEqualTo(Instant.parse("2024-02-13T08:36:49Z"));
        assertThat(summer.time().get().instant()).isEqualTo(Instant.parse("2024-02-13T08:36:49Z"));
        MatchRule rule = MatchRule.of(ActivityTable.DEFINITION.name()).orElseThrow();
        for (AcceptedRecord html : List.of(winter, summer, unzoned)) {
            assertThat(rule.sameEvent(candidate(json, "a.json"), candidate(html, "a.html")))
                    .isTrue();
            assertThat(rule.sameEvent(candidate(html, "a.html"), candidate(json, "a.json")))
                    .isTrue();
        }
        assertThat(rule.sameEvent(candidate(json, "a.json"), candidate(later, "a.html")))
                .isFalse();
        assertThat(rule.sameEvent(candidate(json, "a.json"), candidate(winter, "a.json")))
                .isFalse();
    }

    @Test
    void theHeadOfThePageIsNoRecord() {
        assertThat(Parsing.parse(PATH, page())).isEmpty();
    }

    private static AcceptedRecord html(String time, String container) {
        String page = page(cell(
                "Search",
                "Searched for&nbsp;<a href=\"https://www.google.com/search?q=tea\">tea</a><br>" + time,
                "<b>Products:</b><br>&emsp;Search<br>"));
        return Parsing.accepted(Parsing.parse(container, PATH, page.getBytes(StandardCharsets.UTF_8)))
                .get(0);
    }

    private static MatchCandidate candidate(AcceptedRecord row, String entry) {
        return new MatchCandidate("import", entry, row.time(), null, null, null);
    }
}
