package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.MatchCandidate;
import io.datapunk.ingest.record.MatchRule;
import io.datapunk.ingest.record.Payload;
import io.datapunk.ingest.record.RejectedRecord;
import io.datapunk.lake.model.table.MediaTable;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PhotoSidecarTest {
    private static final String SIDECAR = """
            {"title": "IMG_1.JPG", "description": "Tea", "imageViews": "3",
             "creationTime": {"timestamp": "1600000001", "formatted": "13.09.2020"},
             "photoTakenTime": {"timestamp": "1599999999", "formatted": "13.09.2020"},
             "geoData": {"latitude": 0.0, "longitude": 0.0, "altitude": 0.0},
             "geoDataExif": {"latitude": 52.5, "longitude": 13.25, "altitude": 34.0},
             "people": [{"name": "Ann"}, {"name": "Bob"}], "favorited": true}
            """;

    @Test
    void everyColumnIsFilledFromTheSidecar() {
        String path = "Takeout/Google Fotos/Urlaub/IMG_1.JPG.supplemental-metadata.json";
        AcceptedRecord row = Parsing.row(path, SIDECAR);

        assertThat(row.time()).contains(EventTime.exact(Instant.ofEpochSecond(1_599_999_999)));
        assertThat(row.payload())
                .isEqualTo(new Payload.Media(
                        "IMG_1.JPG",
                        "image/jpeg",
                        null,
                        null,
                        null,
                        null,
                        null,
                        52.5,
                        13.25,
                        "Urlaub",
                        List.of("Ann", "Bob"),
                        path,
                        "{\"creationTime\":{\"formatted\":\"13.09.2020\",\"timestamp\":\"1600000001\"},"
                                + "\"description\":\"Tea\",\"favorited\":true,"
                                + "\"geoData\":{\"altitude\":0.0,\"latitude\":0.0,\"longitude\":0.0},"
                                + "\"geoDataExif\":{\"altitude\":34.0,\"latitude\":52.5,\"longitude\":13.25},"
                                + "\"imageViews\":\"3\"}"));
    }

    @Test
    void theFolderOfAYearIsNoAlbum() {
        for (String folder : List.of("Photos from 2020", "Fotos von 2020", "Photos de 2020")) {
            AcceptedRecord row =
                    Parsing.row("Takeout/Google Photos/" + folder + "/IMG_1.JPG.supplemental-metadata.json", SIDECAR);
            assertThat(((Payload.Media) row.payload()).album()).isNull();
        }
    }

    @Test
    void onePhotoInItsYearAndInAnAlbumHasOneIdAndOneMatchKey() {
        AcceptedRecord year = Parsing.row("Takeout/Google Photos/Photos from 2020/IMG_1.JPG.json", SIDECAR);
        AcceptedRecord album = Parsing.row("Takeout/Google Photos/Holiday/IMG_1.JPG.json", SIDECAR);

        assertThat(year.identity()).isEqualTo(album.identity());
    }

    @Test
    void aFileWithItsSidecarIsOneRowThatMatchesTheSidecarAlone() {
        AcceptedRecord sidecar = Parsing.row("Takeout/Google Photos/Holiday/IMG_1.JPG.json", SIDECAR);
        AcceptedRecord file = new MediaFile("Takeout/Google Photos/Holiday/IMG_1.JPG", "image/jpeg", 123, "ab")
                .record(Optional.of(sidecar));

        assertThat(file.time()).isEqualTo(sidecar.time());
        Payload.Media media = (Payload.Media) file.payload();
        assertThat(media)
                .isEqualTo(new Payload.Media(
                        "IMG_1.JPG",
                        "image/jpeg",
                        123L,
                        "ab",
                        null,
                        null,
                        null,
                        52.5,
                        13.25,
                        "Holiday",
                        List.of("Ann", "Bob"),
                        "Takeout/Google Photos/Holiday/IMG_1.JPG.json",
                        ((Payload.Media) sidecar.payload()).detail()));
        assertThat(file.identity().matchMaterial()).isEqualTo(sidecar.identity().matchMaterial());
        MatchRule rule = MatchRule.of(MediaTable.DEFINITION.name()).orElseThrow();
        MatchCandidate fileRow = new MatchCandidate("i", "IMG_1.JPG", file.time(), 52.5, 13.25, "ab");
        assertThat(rule.sameEvent(fileRow, new MatchCandidate("i", "x.json", sidecar.time(), null, null, null)))
                .isTrue();
        assertThat(rule.sameEvent(fileRow, new MatchCandidate("i", "IMG_2.JPG", file.time(), null, null, "cd")))
                .isFalse();
    }

    @Test
    void aFileWithoutASidecarIsUndated() {
        AcceptedRecord file = new MediaFile("DCIM/IMG_1.JPG", "image/jpeg", 123, "ab").record(Optional.empty());

        assertThat(file.time()).isEmpty();
        assertThat(((Payload.Media) file.payload()).album()).isNull();
        assertThat(((Payload.Media) file.payload()).fileName()).isEqualTo("IMG_1.JPG");
        assertThat(file.identity().canonicalFields()).containsExactly("file", "ab", "IMG_1.JPG");
    }

    @Test
    void aTimeThatIsNoneIsRejectedAndZeroIsUnknown() {
        String path = "Takeout/Google Photos/Holiday/IMG_1.JPG.json";

        assertThat(Parsing.reject(path, "{\"title\":\"a\",\"photoTakenTime\":{\"timestamp\":\"soon\"}}"))
                .extracting(RejectedRecord::reason)
                .isEqualTo("field 'photoTakenTime.timestamp' is not seconds since 1970");
        assertThat(Parsing.row(path, "{\"title\":\"a\",\"photoTakenTime\":{\"timestamp\":\"0\"}}")
                        .time())
                .isEmpty();
    }

    @Test
    void anAlbumsMetadataIsARawDocument() {
        AcceptedRecord row = Parsing.row(
                "Takeout/Google Photos/Urlaub/Metadaten.json",
                "{\"title\":\"Urlaub\",\"access\":\"\",\"date\":{\"timestamp\":\"1599999999\"}}");

        assertThat(row.payload())
                .isEqualTo(new Payload.RawDocument(
                        "google.photo-album",
                        "{\"access\":\"\",\"date\":{\"timestamp\":\"1599999999\"},\"title\":\"Urlaub\"}"));
    }
}
