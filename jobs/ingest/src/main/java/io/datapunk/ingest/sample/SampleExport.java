package io.datapunk.ingest.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Writes a Google Takeout of a person who does not exist: five years of searches, videos, visits, places, mail and
 * photos, with the repeated and the broken records that real exports have. The same options give the same bytes.
 */
public final class SampleExport {
    private static final Instant LAST_EVENT = Instant.parse("2026-01-14T00:00:00Z");
    private static final Duration FIVE_YEARS = Duration.ofDays(5 * 365);
    private static final String ACTIVITY = "Takeout/My Activity/";
    private static final String PLACES = "Takeout/Location History (Timeline)/";
    private static final String PHOTOS = "Takeout/Google Photos/";

    private final SampleOptions options;
    private final ExportWriter writer;
    private final List<SampleManifest.Entry> entries = new ArrayList<>();

    private SampleExport(SampleOptions options, ExportWriter writer) {
        this.options = options;
        this.writer = writer;
    }

    /**
     * Writes two zip parts of 2026-01-15.
     *
     * @param scale 1 is about 15 MB of entries, 75 about 1 GB
     */
    public static SampleManifest write(Path directory, long seed, double scale) throws IOException {
        return write(directory, SampleOptions.of(seed, scale));
    }

    public static SampleManifest write(Path directory, SampleOptions options) throws IOException {
        ExportWriter writer = ExportWriter.open(directory, options);
        SampleExport export = new SampleExport(options, writer);
        try (writer) {
            export.write();
        }
        return new SampleManifest(writer.containers(), export.entries);
    }

    private interface Body {
        SampleManifest.Entry write(OutputStream out, String path) throws IOException;
    }

    private void write() throws IOException {
        activity();
        places();
        mail();
        photos();
        others();
    }

    private void activity() throws IOException {
        ActivitySample activity = new ActivitySample(options.seed(), options.zone());
        Timeline searches = timeline(11, 4_000);
        Timeline videos = timeline(12, 2_500);
        Timeline maps = timeline(13, 300);
        Timeline visits = timeline(14, 4_000);
        stream(0, ACTIVITY + "Search/MyActivity.json", (out, path) -> activity.searchJson(out, path, searches));
        stream(
                0,
                "Takeout/YouTube and YouTube Music/history/watch-history.json",
                (out, path) -> activity.watchJson(out, path, videos));
        stream(0, ACTIVITY + "Maps/MyActivity.html", (out, path) -> activity.mapsHtml(out, path, maps));
        stream(0, "Takeout/Chrome/History.json", (out, path) -> activity.chromeJson(out, path, visits));
        int newest = Math.max(1, videos.events() / 5);
        stream(1, ACTIVITY + "YouTube/MyActivity.html", (out, path) -> activity.watchHtml(out, path, videos, newest));
    }

    private void places() throws IOException {
        LocationSample places = new LocationSample(options.seed());
        stream(0, PLACES + "Records.json", (out, path) -> places.records(out, path, timeline(21, 12_000)));
        Instant march = Instant.parse("2024-03-01T00:00:00Z");
        stream(
                1,
                PLACES + "Semantic Location History/2024/2024_MARCH.json",
                (out, path) -> places.semanticMonth(out, path, march, 31));
        Instant june = Instant.parse("2025-06-01T04:30:00Z");
        stream(1, "Takeout/Timeline/Timeline.json", (out, path) -> places.onDevice(out, path, june, 30));
    }

    private void mail() throws IOException {
        MailSample mail = new MailSample(options.seed());
        Timeline messages = timeline(31, 800);
        stream(
                1,
                "Takeout/Mail/All mail Including Spam and Trash.mbox",
                (out, path) -> mail.mailbox(out, path, messages));
        stream(1, "Takeout/Mail/Reisen.mbox", (out, path) -> mail.label(out, path, messages, 40));
    }

    private void photos() throws IOException {
        Timeline taken = timeline(41, 90);
        PhotoSample photos = new PhotoSample(options.seed(), taken.events());
        for (int photo = 0; photo < taken.events(); photo++) {
            Instant at = taken.at(photo).truncatedTo(ChronoUnit.SECONDS);
            String name = photos.fileName(photo, at);
            String folder =
                    PHOTOS + "Photos from " + at.atOffset(ZoneOffset.UTC).getYear() + "/";
            byte[] jpeg = photos.jpeg(photo);
            bytes(0, folder + name, jpeg, new Counts(1, 0, 0));
            // Some sidecars lie in the other part, and one is cut off
            byte[] sidecar = photos.sidecar(photo, name, at);
            boolean broken = photo == 2;
            if (broken) {
                sidecar = java.util.Arrays.copyOf(sidecar, sidecar.length / 2);
            }
            bytes(
                    photo % 3 == 0 ? 1 : 0,
                    folder + PhotoSample.sidecarName(name),
                    sidecar,
                    new Counts(broken ? 1 : 0, broken ? 1 : 0, 0));
            if (photo % 12 == 5) {
                String album = PHOTOS + "Sommer am See/";
                bytes(1, album + name, jpeg, new Counts(1, 0, 1));
                bytes(1, album + PhotoSample.sidecarName(name), photos.sidecar(photo, name, at), new Counts(0, 0, 0));
            }
        }
    }

    private void others() throws IOException {
        SampleWords words = new SampleWords(new SplittableRandom(options.seed() + 51));
        StringBuilder saved = new StringBuilder("Title,Note,URL,Comment\n");
        for (int row = 0; row < 40; row++) {
            saved.append('"').append(words.phrase(2)).append("\",,https://www.example.org/places/");
            saved.append(words.token(8))
                    .append(",\"")
                    .append(words.phrase(3))
                    .append(", ")
                    .append(row)
                    .append("\"\n");
        }
        text(1, "Takeout/Saved/Favourites.csv", saved.toString(), new Counts(40, 0, 0));
        StringBuilder tasks = new StringBuilder("{\n  \"kind\": \"tasks#taskLists\",\n  \"items\": [");
        for (int task = 0; task < 12; task++) {
            tasks.append(task == 0 ? "" : ", ")
                    .append("{\"kind\": \"tasks#task\", \"id\": \"")
                    .append(words.token(12));
            tasks.append("\", \"title\": \"").append(words.phrase(3)).append("\", \"status\": \"needsAction\"}");
        }
        text(1, "Takeout/Tasks/Tasks.json", tasks.append("]\n}\n").toString(), new Counts(1, 0, 0));
        text(1, "Takeout/Profile/Profile.json", "{\"name\": {\"givenName\": \"Ann\"", new Counts(1, 1, 0));
        text(1, PLACES + "Encrypted Backups.txt", "Your encrypted backups cannot be exported.\n", new Counts(0, 0, 0));
        text(
                1,
                "Takeout/archive_browser.html",
                "<!DOCTYPE html><html><body>Your export</body></html>\n",
                new Counts(0, 0, 0));
    }

    private record Counts(long records, long broken, long repeated) {}

    private void text(int part, String path, String text, Counts counts) throws IOException {
        bytes(part, path, text.getBytes(StandardCharsets.UTF_8), counts);
    }

    private void bytes(int part, String path, byte[] bytes, Counts counts) throws IOException {
        writer.bytes(part, path, bytes);
        entries.add(new SampleManifest.Entry(path, counts.records(), counts.broken(), counts.repeated()));
    }

    private void stream(int part, String path, Body body) throws IOException {
        List<SampleManifest.Entry> written = new ArrayList<>(1);
        writer.stream(part, path, out -> written.add(body.write(out, path)));
        entries.add(written.get(0));
    }

    private Timeline timeline(int kind, int countAtScaleOne) {
        return new Timeline(options.seed() * 1_000_003 + kind, options.scaled(countAtScaleOne), LAST_EVENT, FIVE_YEARS);
    }
}
