package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.ParsedRecord;
import io.datapunk.ingest.record.Payload;
import io.datapunk.ingest.record.RejectedRecord;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LocationRecordsTest {
    private static final String PATH = "Takeout/Location History (Timeline)/Records.json";

    @Test
    void everyColumnOfAFixIsFilledAndTheRestIsKeptInDetail() {
        AcceptedRecord row = Parsing.row(PATH, """
                {"locations": [{"latitudeE7": 521234567, "longitudeE7": -31234567, "accuracy": 12, "altitude": 34,
                  "velocity": 5, "heading": 270, "deviceTag": -812, "source": "WIFI", "verticalAccuracy": 3,
                  "activity": [{"timestamp": "2024-02-13T08:36:00Z", "activity": [{"type": "STILL", "confidence": 90}]}],
                  "formFactor": "PHONE", "timestamp": "2024-02-13T08:36:49.123Z"}]}
                """);

        assertThat(row.time()).contains(EventTime.exact(Instant.parse("2024-02-13T08:36:49.123Z"), "UTC"));
        assertThat(row.payload())
                .isEqualTo(new Payload.Location(
                        52.1234567,
                        -3.1234567,
                        34.0,
                        12.0,
                        5.0,
                        270.0,
                        "-812",
                        "wifi",
                        null,
                        "{\"activity\":[{\"activity\":[{\"confidence\":90,\"type\":\"STILL\"}],"
                                + "\"timestamp\":\"2024-02-13T08:36:00Z\"}],"
                                + "\"formFactor\":\"PHONE\",\"verticalAccuracy\":3}"));
        assertThat(row.identity().sourceFamily()).isEqualTo("google.location");
        assertThat(row.identity().canonicalFields())
                .containsExactly("1707813409123000", "521234567", "-31234567", "-812", "wifi");
        assertThat(row.identity().matchMaterial()).isEqualTo("1707813409");
        assertThat(row.position()).isEqualTo(15);
    }

    @Test
    void oldExportsCountMillisecondsInATextAndNameNothingElse() {
        AcceptedRecord row = Parsing.row(
                "Takeout/Standortverlauf/Standortverlauf.json",
                "{\"locations\":[{\"timestampMs\":\"1422461249107\",\"latitudeE7\":299533810,"
                        + "\"longitudeE7\":-901717920,\"accuracy\":39}]}");

        assertThat(row.time()).contains(EventTime.exact(Instant.parse("2015-01-28T16:07:29.107Z")));
        assertThat(row.payload())
                .isEqualTo(new Payload.Location(29.953381, -90.171792, null, 39.0, null, null, null, null, null, null));
    }

    @Test
    void anEmptySpeedIsAnUnknownOne() {
        AcceptedRecord row = Parsing.row(
                "Takeout/Location History (Timeline)/Records.json",
                "{\"locations\":[{\"timestamp\":\"2024-02-13T08:36:49Z\",\"latitudeE7\":299533810,"
                        + "\"longitudeE7\":-901717920,\"velocity\":\"\"}]}");

        assertThat(((Payload.Location) row.payload()).speedMps()).isNull();
    }

    @Test
    void unsignedCoordinatesAreTakenBackByTwoToThe32() {
        AcceptedRecord row = Parsing.row(
                PATH,
                "{\"locations\":[{\"timestamp\":\"2014-01-01T00:00:00Z\",\"latitudeE7\":4200000000,"
                        + "\"longitudeE7\":3430000000}]}");

        Payload.Location location = (Payload.Location) row.payload();
        assertThat(location.latitude()).isEqualTo((4_200_000_000L - (1L << 32)) / 1e7);
        assertThat(location.longitude()).isEqualTo((3_430_000_000L - (1L << 32)) / 1e7);
    }

    @Test
    void zeroZeroIsNoPlaceAndGoesToQuarantineWithItsBytes() {
        String element = "{\"timestamp\":\"2014-01-01T00:00:00Z\",\"latitudeE7\":0,\"longitudeE7\":0}";
        RejectedRecord reject = Parsing.reject(PATH, "{\"locations\":[" + element + "]}");

        assertThat(reject.check()).isEqualTo("null-island");
        assertThat(reject.sample()).asString().isEqualTo(element);
        assertThat(reject.byteFrom()).isEqualTo(14);
        assertThat(reject.byteTo()).isEqualTo(14 + element.length());
    }

    @Test
    void driftIsLoudAndNamesTheFieldButNotItsContent() {
        List<ParsedRecord> records = Parsing.parse(PATH, """
                {"locations": [
                  {"timestamp": "2014-01-01T00:00:00Z", "latitudeE7": 10000000},
                  {"latitudeE7": 10000000, "longitudeE7": 10000000},
                  {"timestamp": "yesterday", "latitudeE7": 10000000, "longitudeE7": 10000000},
                  {"timestamp": "2014-01-01T00:00:00Z", "latitudeE7": "north", "longitudeE7": 10000000},
                  {"timestamp": "2014-01-01T00:00:00Z", "latitudeE7": 1000000000, "longitudeE7": 10000000},
                  {"timestamp": "2014-01-01T00:00:00Z", "latitudeE7": 10000000, "longitudeE7": 10000000}
                ]}
                """);

        assertThat(records.stream().limit(5).map(RejectedRecord.class::cast))
                .extracting(RejectedRecord::check, RejectedRecord::reason)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("required-field", "field 'longitudeE7' is missing"),
                        org.assertj.core.groups.Tuple.tuple("required-field", "field 'timestamp' is missing"),
                        org.assertj.core.groups.Tuple.tuple("field-form", "field 'timestamp' is not a time"),
                        org.assertj.core.groups.Tuple.tuple("field-form", "field 'latitudeE7' is not a whole number"),
                        org.assertj.core.groups.Tuple.tuple("coordinate-range", "the coordinates are not on Earth"));
        assertThat(records.get(5)).isInstanceOf(AcceptedRecord.class);
    }

    @Test
    void otherMembersOfTheDocumentBecomeRawDocuments() {
        List<AcceptedRecord> rows = Parsing.rows(
                PATH,
                "{\"locations\":[{\"timestamp\":\"2014-01-01T00:00:00Z\",\"latitudeE7\":1,\"longitudeE7\":1}],"
                        + "\"settings\":{\"b\":1,\"a\":2}}");

        assertThat(rows.get(1).payload())
                .isEqualTo(new Payload.RawDocument("google.location-records#settings", "{\"a\":2,\"b\":1}"));
    }
}
