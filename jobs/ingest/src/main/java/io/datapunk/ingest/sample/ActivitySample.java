package io.datapunk.ingest.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.SplittableRandom;

/** My Activity, YouTube and Chrome. Events are functions of their number, so that two pages tell of the same ones. */
final class ActivitySample {
    private static final String PAGE_HEAD = """
            <html><head><meta http-equiv="Content-Type" content="text/html; charset=UTF-8">\
            <title>My Activity History</title><style type="text/css">.mdl-grid{display:flex}</style></head>\
            <body><div class="mdl-grid">""";
    private static final String CELL_HEAD = """
            <div class="outer-cell mdl-cell mdl-cell--12-col mdl-shadow--2dp"><div class="mdl-grid">\
            <div class="header-cell mdl-cell mdl-cell--12-col"><p class="mdl-typography--title">""";
    private static final String CELL_BODY =
            "<br></p></div><div class=\"content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1\">";
    private static final String CELL_TAIL = """
            <br></div><div class="content-cell mdl-cell mdl-cell--6-col mdl-typography--body-1 \
            mdl-typography--text-right"></div><div class="content-cell mdl-cell mdl-cell--12-col \
            mdl-typography--caption"><b>Products:</b><br>&emsp;""";

    private final long seed;
    private final DateTimeFormatter pageTime;

    ActivitySample(long seed, ZoneId zone) {
        this.seed = seed;
        // U+202F before AM and PM, as the pages have had it since 2023
        this.pageTime = DateTimeFormatter.ofPattern("MMM d, yyyy, h:mm:ss\u202fa z", Locale.US)
                .withZone(zone);
    }

    /** What somebody did; a function of the seed and the event's number. */
    private record Event(Instant at, String title, String url, String author, String authorUrl) {}

    private Event search(Timeline timeline, int event) {
        SampleWords words = words(1, event);
        String query = words.phrase(2 + event % 3);
        return new Event(timeline.at(event), query, "https://www.google.com/search?q=" + plus(query), "", "");
    }

    private Event watch(Timeline timeline, int event) {
        SampleWords words = words(2, event);
        return new Event(
                timeline.at(event),
                words.phrase(3 + event % 4),
                "https://www.youtube.com/watch?v=" + words.token(11),
                words.person(),
                "https://www.youtube.com/channel/UC" + words.token(22));
    }

    private SampleWords words(int kind, int event) {
        return new SampleWords(new SplittableRandom(seed * 31 + kind * 1_000_003L + event * 7_919L));
    }

    private static String plus(String query) {
        return java.net.URLEncoder.encode(query, java.nio.charset.StandardCharsets.UTF_8);
    }

    /** Search as JSON: every 500th event stands twice, and there are two elements that no parser can accept. */
    SampleManifest.Entry searchJson(OutputStream out, String path, Timeline timeline) throws IOException {
        SampleText text = new SampleText(out);
        long records = 0;
        long repeated = 0;
        text.add("[");
        for (int event = timeline.events() - 1; event >= 0; event--) {
            Event search = search(timeline, event);
            int times = event % 500 == 250 ? 2 : 1;
            for (int time = 0; time < times; time++) {
                text.add(records == 0 ? "" : ",");
                activityJson(text, "Search", "Searched for ", search, Timeline.iso(search.at()));
                records++;
            }
            repeated += times - 1;
            text.settle();
        }
        text.add(",");
        activityJson(text, "Search", "Searched for ", search(timeline, 0), "some day last week");
        text.add(",\"an element that is no object\"]\n");
        text.flush();
        return new SampleManifest.Entry(path, records + 2, 2, repeated);
    }

    /** YouTube's own history as JSON. */
    SampleManifest.Entry watchJson(OutputStream out, String path, Timeline timeline) throws IOException {
        SampleText text = new SampleText(out);
        text.add("[");
        for (int event = timeline.events() - 1; event >= 0; event--) {
            Event watch = watch(timeline, event);
            text.add(event == timeline.events() - 1 ? "" : ",");
            activityJson(text, "YouTube", "Watched ", watch, Timeline.iso(watch.at()));
            text.settle();
        }
        text.add("]\n");
        text.flush();
        return new SampleManifest.Entry(path, timeline.events(), 0, 0);
    }

    /** The newest events of YouTube's history again, as a page: in the account's zone, to the second. */
    SampleManifest.Entry watchHtml(OutputStream out, String path, Timeline timeline, int newest) throws IOException {
        SampleText text = new SampleText(out);
        text.add(PAGE_HEAD);
        int last = Math.max(0, timeline.events() - newest);
        for (int event = timeline.events() - 1; event >= last; event--) {
            Event watch = watch(timeline, event);
            cell(text, "YouTube", "Watched", watch, pageTime.format(watch.at()));
            text.settle();
        }
        cell(text, "YouTube", "Watched", watch(timeline, 0), "Foo 99, 2024, 25:61:00\u202fXX CET");
        text.add("</div></body></html>");
        text.flush();
        long cells = timeline.events() - last;
        return new SampleManifest.Entry(path, cells + 1, 1, cells);
    }

    /** Maps, which only has a page. */
    SampleManifest.Entry mapsHtml(OutputStream out, String path, Timeline timeline) throws IOException {
        SampleText text = new SampleText(out);
        text.add(PAGE_HEAD);
        for (int event = timeline.events() - 1; event >= 0; event--) {
            SampleWords words = words(3, event);
            String place = words.phrase(2);
            Event view =
                    new Event(timeline.at(event), place, "https://www.google.com/maps/place/" + plus(place), "", "");
            cell(text, "Maps", "Searched for", view, pageTime.format(view.at()));
            text.settle();
        }
        text.add("</div></body></html>");
        text.flush();
        return new SampleManifest.Entry(path, timeline.events(), 0, 0);
    }

    /** Chrome's history, with one visit whose time is no number. */
    SampleManifest.Entry chromeJson(OutputStream out, String path, Timeline timeline) throws IOException {
        SampleText text = new SampleText(out);
        text.add("{\n    \"Browser History\": [\n");
        for (int event = timeline.events() - 1; event >= 0; event--) {
            String micros = timeline.at(event).toEpochMilli() + "" + (100 + event % 900);
            visit(text, words(4, event), event, micros);
            text.add(",\n").settle();
        }
        visit(text, words(4, 0), 0, "\"n/a\"");
        text.add("\n    ],\n    \"Typed Url\": [],\n    \"Session\": []\n}\n");
        text.flush();
        return new SampleManifest.Entry(path, timeline.events() + 1L, 1, 0);
    }

    private static void visit(SampleText text, SampleWords words, int event, String micros) {
        text.add("        {\n            \"favicon_url\": \"https://site")
                .add(event % 40)
                .add(".example.org/favicon.ico\",\n            \"page_transition\": \"")
                .add(event % 3 == 0 ? "TYPED" : "LINK")
                .add("\",\n            \"title\": \"")
                .json(words.phrase(4))
                .add("\",\n            \"url\": \"https://site")
                .add(event % 40)
                .add(".example.org/")
                .add(words.token(14))
                .add("\",\n            \"client_id\": \"")
                .add("c4mG2vT9pLqX8aYb1eRw")
                .add("\",\n            \"time_usec\": ")
                .add(micros)
                .add("\n        }");
    }

    private static void activityJson(SampleText text, String product, String verb, Event event, String time) {
        text.add("{\n  \"header\": \"")
                .add(product)
                .add("\",\n  \"title\": \"")
                .add(verb)
                .json(event.title())
                .add("\",\n  \"titleUrl\": \"")
                .json(event.url());
        if (!event.author().isEmpty()) {
            text.add("\",\n  \"subtitles\": [{\n    \"name\": \"")
                    .json(event.author())
                    .add("\",\n    \"url\": \"")
                    .json(event.authorUrl())
                    .add("\"\n  }],\n  \"time\": \"");
        } else {
            text.add("\",\n  \"time\": \"");
        }
        text.add(time)
                .add("\",\n  \"products\": [\"")
                .add(product)
                .add("\"],\n  \"activityControls\": [\"")
                .add(product.equals("YouTube") ? "YouTube watch history" : "Web \\u0026 App Activity")
                .add("\"]\n}");
    }

    private static void cell(SampleText text, String product, String verb, Event event, String time) {
        text.add(CELL_HEAD)
                .add(product)
                .add(CELL_BODY)
                .add(verb)
                .add("\u00a0<a href=\"")
                .html(event.url())
                .add("\">")
                .html(event.title())
                .add("</a><br>");
        if (!event.author().isEmpty()) {
            text.add("<a href=\"")
                    .html(event.authorUrl())
                    .add("\">")
                    .html(event.author())
                    .add("</a><br>");
        }
        text.add(time).add(CELL_TAIL).add(product).add("<br></div></div></div>");
    }
}
