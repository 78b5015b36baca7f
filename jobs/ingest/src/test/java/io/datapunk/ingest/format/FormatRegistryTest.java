package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.record.ParsedRecord;
import io.datapunk.ingest.record.RejectedRecord;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FormatRegistryTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "x.json | [{\"header\":\"a\",\"title\":\"b\",\"time\":\"c\"}] | google.activity.json",
                "x.json | [{\"kind\":\"youtube#playlistItem\",\"snippet\":{},\"contentDetails\":{}}] | google.activity.json",
                "x.json | {\"Browser History\":[{\"time_usec\":1}]} | google.chrome-history",
                "x.json | {\"locations\":[{\"timestampMs\":\"1\",\"latitudeE7\":1}]} | google.location-records",
                "x.json | {\"timelineObjects\":[{\"placeVisit\":{}}]} | google.semantic-month",
                "x.json | {\"semanticSegments\":[{\"startTime\":\"a\"}],\"rawSignals\":[]} | google.timeline",
                "x.json | [{\"endTime\":\"a\",\"startTime\":\"b\",\"visit\":{}}] | google.timeline",
                "x.json | {\"title\":\"a\",\"photoTakenTime\":{\"timestamp\":\"1\"}} | google.photo-sidecar",
                "x.json | {\"albumData\":{\"title\":\"a\"}} | google.photo-album",
                "метаданные.json | {\"title\":\"a\"} | google.photo-album",
                "x.json | {\"locations\":[{\"name\":\"a\"}]} | json.arrays",
                "x.json | {\"color\":\"RED\",\"annotations\":[{}]} | json.document",
                "x.json | [1,2] | json.arrays",
                // An empty list tells nothing; the name does.
                "Takeout/My Activity/Ads/MyActivity.json | [] | google.activity.json",
                "Takeout/YouTube en YouTube Music/geschiedenis/kijkgeschiedenis.json | [] | google.activity.json",
                "Takeout/Chrome/BrowserHistory.json | {\"Browser History\":[]} | google.chrome-history",
                "Takeout/Standortverlauf/Records.json | {\"locations\":[]} | google.location-records",
                "empty.json | [] | json.arrays",
            })
    void contentDecidesAndNamesHelpWhereItCannot(String path, String content, String format) {
        Recognition recognition = Parsing.recognise(path, content);

        assertThat(recognition.format().map(RecordFormat::name)).contains(format);
        assertThat(recognition.mediaType()).isEqualTo("application/json");
    }

    @Test
    void linesOfJsonAreNotOneDocument() {
        Recognition lines = Parsing.recognise("events.json", "{\"a\":1}\n{\"a\":2}\n");

        assertThat(lines.format().map(RecordFormat::name)).contains("json.lines");
        assertThat(lines.mediaType()).isEqualTo("application/x-ndjson");
        assertThat(lines.declaredType()).contains("application/json");
    }

    @Test
    void aScriptsAssignmentIsNoReasonToMissItsList() {
        assertThat(Parsing.recognise("data/tweets.js", "window.YTD.tweets.part0 = [ {\"tweet\": {}} ]")
                        .format()
                        .map(RecordFormat::name))
                .contains("json.arrays");
    }

    @Test
    void aMailboxIsKnownByItsFirstLinesWhateverItsNameIs() {
        assertThat(Parsing.recognise("Mail/Todos", "From a@b Tue Feb 13 08:36:49 2024\r\nX-GM-THRID: 1\r\n")
                        .format()
                        .map(RecordFormat::name))
                .contains("mail.mbox");
        assertThat(Parsing.recognise("letter.txt", "From here on\nit is easy.\n")
                        .format())
                .isEmpty();
    }

    @Test
    void aPageWhoseHeadIsLongerThanWhatIsSeenIsKnownByItsName() {
        String page = "<html><head><style>" + "x".repeat(EntryHead.LIMIT) + "</style></head><body></body></html>";
        String decomposed =
                Normalizer.normalize("Takeout/Meine Aktivitäten/Suche/MeineAktivitäten.html", Normalizer.Form.NFD);

        assertThat(Parsing.recognise(decomposed, page).format().map(RecordFormat::name))
                .contains("google.activity.html");
        assertThat(Parsing.recognise("archive_browser.html", page))
                .isEqualTo(
                        new Recognition(Optional.empty(), "text/html", Optional.of("text/html"), Optional.of("UTF-8")));
    }

    @Test
    void mediaAreKnownByTheirBytesAndNeverParsed() {
        Recognition photo =
                Parsing.recognise("IMG_1.png", new byte[] {(byte) 0xff, (byte) 0xd8, (byte) 0xff, (byte) 0xe0});

        assertThat(photo)
                .isEqualTo(new Recognition(Optional.empty(), "image/jpeg", Optional.of("image/png"), Optional.empty()));
        assertThat(photo.isMedia()).isTrue();
        assertThat(Parsing.recognise("a.heic", "\0\0\0\30ftypheic\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1))
                        .mediaType())
                .isEqualTo("image/heic");
        assertThat(Parsing.recognise("a.mp4", "\0\0\0\30ftypisom\0\0\0\0".getBytes(StandardCharsets.ISO_8859_1))
                        .mediaType())
                .isEqualTo("video/mp4");
    }

    @Test
    void whatSystemsLeaveInArchivesIsNoContent() {
        byte[] appleDouble = {0, 5, 0x16, 7, 0, 2, 0, 0};

        assertThat(Parsing.recognise("__MACOSX/Takeout/._MyActivity.json", appleDouble))
                .isEqualTo(new Recognition(
                        Optional.empty(), "application/applefile", Optional.of("application/json"), Optional.empty()));
        assertThat(Parsing.recognise("Takeout/Mail/._All.mbox", "From a@b Tue\nA: b\n")
                        .format())
                .isEmpty();
    }

    @Test
    void nothingAndAPlaceholderAreFilesOnly() {
        assertThat(Parsing.recognise("MyActivity.json", new byte[0]))
                .isEqualTo(new Recognition(
                        Optional.empty(), "application/x-empty", Optional.of("application/json"), Optional.empty()));
        assertThat(Parsing.recognise("Encrypted Backups.txt", "Your backups are encrypted.\n"))
                .isEqualTo(new Recognition(
                        Optional.empty(), "text/plain", Optional.of("text/plain"), Optional.of("UTF-8")));
    }

    @Test
    void whatANameDeclaresAndTheBytesAreNotIsRejectedLoudly() {
        List<ParsedRecord> zeros = Parsing.parse("x.zip", "MyActivity.json", new byte[4096]);
        assertThat(zeros).singleElement().isInstanceOfSatisfying(RejectedRecord.class, reject -> {
            assertThat(reject.check()).isEqualTo("json");
            assertThat(reject.byteTo()).isEqualTo(4096);
        });
        assertThat(Parsing.reject("MyActivity.json", "We could not make this file.")
                        .check())
                .isEqualTo("json");
        assertThat(Parsing.reject("All mail.mbox", "We could not make this file.")
                        .check())
                .isEqualTo("framing");
    }

    @Test
    void aByteOrderMarkHidesNothing() {
        assertThat(Parsing.recognise("x.json", "\ufeff{\"Browser History\":[]}")
                        .format()
                        .map(RecordFormat::name))
                .contains("google.chrome-history");
        assertThat(Parsing.rows("x.json", "\ufeff{\"Browser History\":[{\"url\":\"u\",\"time_usec\":1}]}"))
                .hasSize(1);
    }

    @Test
    void theExportsNameTellsItsTimeAndWhatItsPartsShare() {
        assertThat(ExportName.parse("/downloads/takeout-20240213T083649Z-002.zip"))
                .isEqualTo(new ExportName(
                        "takeout-20240213t083649z", Optional.of(java.time.Instant.parse("2024-02-13T08:36:49Z"))));
        assertThat(ExportName.parse("takeout-20240213T083649Z-3-001.tgz").exportId())
                .isEqualTo("takeout-20240213t083649z");
        assertThat(ExportName.parse("takeout-20240213T083649Z-001 (1).zip").exportId())
                .isEqualTo("takeout-20240213t083649z");
        assertThat(ExportName.parse("takeout-20249913T083649Z-001.zip"))
                .isEqualTo(new ExportName("takeout-20249913T083649Z-001", Optional.empty()));
        assertThat(ExportName.parse("my export.tar.gz")).isEqualTo(new ExportName("my export", Optional.empty()));
    }
}
