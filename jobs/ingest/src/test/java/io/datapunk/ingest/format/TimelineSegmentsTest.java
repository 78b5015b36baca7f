package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.MatchCandidate;
import io.datapunk.ingest.record.MatchRule;
import io.datapunk.ingest.record.Payload;
import io.datapunk.lake.model.table.LocationsTable;
import java.time.Instant;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

class TimelineSegmentsTest {
    @Test
    void androidWritesDegreesAndTheLocalOffsetBesideTheTime() {
        List<AcceptedRecord> rows = Parsing.rows("Zeitleiste.json", """
                {"semanticSegments": [
                  {"startTime": "2024-02-13T09:00:00.000+01:00", "endTime": "2024-02-13T10:00:00.000+01:00",
                   "startTimeTimezoneUtcOffsetMinutes": 60,
                   "visit": {"hierarchyLevel": 0, "probability": 0.9, "topCandidate": {"placeId": "P1", "semanticType": "HOME",
                     "probability": 0.8, "placeLocation": {"latLng": "52.1234567°, 13.7654321°"}}}},
                  {"startTime": "2024-02-13T10:00:00.000+01:00", "endTime": "2024-02-13T11:00:00.000+01:00",
                   "activity": {"start": {"latLng": "1.5°, 2.5°"}, "end": {"latLng": "3.5°, 4.5°"}, "topCandidate": {"type": "WALKING"}}},
                  {"startTime": "2024-02-13T11:00:00.000+01:00", "endTime": "2024-02-13T13:00:00.000+01:00",
                   "timelinePath": [{"point": "5.5°, 6.5°", "time": "2024-02-13T11:07:00.000+01:00"}, {"point": "0.0°, 0.0°", "time": "2024-02-13T11:08:00.000+01:00"}]}],
                 "rawSignals": [
                  {"position": {"LatLng": "7.5°, 8.5°", "accuracyMeters": 13, "altitudeMeters": 90.5, "source": "WIFI",
                    "timestamp": "2024-02-13T12:00:00.000+01:00", "speedMetersPerSecond": 0.5, "extra": [1, 2]}},
                  {"wifiScan": {"deliveryTime": "2024-02-13T12:00:00.000+01:00", "devicesRecords": []}}],
                 "userLocationProfile": {"frequentPlaces": []}}
                """);

        assertThat(rows.stream()
                        .map(AcceptedRecord::payload)
                        .filter(Payload.Activity.class::isInstance)
                        .map(Payload.Activity.class::cast))
                .extracting(
                        Payload.Activity::product,
                        Payload.Activity::kind,
                        Payload.Activity::title,
                        Payload.Activity::url)
                .containsExactly(
                        Tuple.tuple("Timeline", "visited", "HOME", "https://www.google.com/maps/place/?q=place_id:P1"),
                        Tuple.tuple("Timeline", "travelled", "WALKING", null),
                        Tuple.tuple("Timeline", "moved", null, null));
        assertThat(rows.stream()
                        .map(AcceptedRecord::payload)
                        .filter(Payload.Location.class::isInstance)
                        .map(Payload.Location.class::cast))
                .containsExactly(
                        new Payload.Location(52.1234567, 13.7654321, null, null, null, null, null, "visit", null, null),
                        new Payload.Location(1.5, 2.5, null, null, null, null, null, "segment", null, null),
                        new Payload.Location(3.5, 4.5, null, null, null, null, null, "segment", null, null),
                        new Payload.Location(5.5, 6.5, null, null, null, null, null, "path", null, null),
                        new Payload.Location(7.5, 8.5, 90.5, 13.0, 0.5, null, null, "wifi", null, "{\"extra\":[1,2]}"));
        assertThat(rows.get(0).time()).contains(EventTime.exact(Instant.parse("2024-02-13T08:00:00Z"), "+01:00"));
        assertThat(rows.stream().map(AcceptedRecord::payload).filter(Payload.RawDocument.class::isInstance))
                .containsExactly(
                        new Payload.RawDocument(
                                "google.timeline#wifiScan",
                                "{\"wifiScan\":{\"deliveryTime\":\"2024-02-13T12:00:00.000+01:00\",\"devicesRecords\":[]}}"),
                        new Payload.RawDocument("google.timeline#userLocationProfile", "{\"frequentPlaces\":[]}"));
    }

    @Test
    void iosWritesGeoAddressesTextsForNumbersAndMinutesSinceThePathsStart() {
        List<AcceptedRecord> rows = Parsing.rows("location-history.json", """
                [{"startTime": "2024-06-21T19:00:00.500-06:00", "endTime": "2024-06-21T20:00:00.000-06:00",
                  "visit": {"hierarchyLevel": "0", "topCandidate": {"probability": "0.1", "semanticType": "Unknown", "placeID": "P2", "placeLocation": "geo:29.712345,-95.412345"}}},
                 {"startTime": "2024-06-21T20:00:00.000-06:00", "endTime": "2024-06-21T22:00:00.000-06:00",
                  "timelinePath": [{"point": "geo:29.5,-95.5", "durationMinutesOffsetFromStartTime": "42"}]}]
                """);

        assertThat(rows.get(1).payload())
                .isEqualTo(
                        new Payload.Location(29.712345, -95.412345, null, null, null, null, null, "visit", null, null));
        assertThat(rows.get(1).time()).contains(EventTime.exact(Instant.parse("2024-06-22T01:00:00.5Z"), "-06:00"));
        assertThat(rows.get(3).time()).contains(EventTime.exact(Instant.parse("2024-06-22T02:42:00Z"), "-06:00"));
        assertThat(rows.get(3).identity().occurrenceNumbered()).isTrue();
    }

    @Test
    void aVisitAndAPathThatBeginTogetherAreTwoEvents() {
        List<AcceptedRecord> rows = Parsing.rows("Timeline.json", """
                {"semanticSegments": [
                  {"startTime": "2024-02-13T09:00:00Z", "visit": {"topCandidate": {}}},
                  {"startTime": "2024-02-13T09:00:00Z", "timelinePath": []}]}
                """);

        assertThat(rows).hasSize(2);
        assertThat(rows.get(0).identity().canonicalFields())
                .isNotEqualTo(rows.get(1).identity().canonicalFields());
        assertThat(rows.get(0).identity().matchMaterial())
                .isNotEqualTo(rows.get(1).identity().matchMaterial());
    }

    @Test
    void sixDigitsOfAPhoneAndSevenOfATakeoutMatchThoughTheirIdsDiffer() {
        AcceptedRecord phone = Parsing.row(
                "Timeline.json",
                "{\"rawSignals\":[{\"position\":{\"LatLng\":\"52.123456°, 13.765432°\",\"timestamp\":\"2024-02-13T09:36:49.123+01:00\"}}]}");
        AcceptedRecord takeout = Parsing.row(
                "Takeout/Timeline/Records.json",
                "{\"locations\":[{\"latitudeE7\":521234567,\"longitudeE7\":137654321,\"timestamp\":\"2024-02-13T08:36:49.123Z\"}]}");
        AcceptedRecord elsewhere = Parsing.row(
                "Takeout/Timeline/Records.json",
                "{\"locations\":[{\"latitudeE7\":521244567,\"longitudeE7\":137654321,\"timestamp\":\"2024-02-13T08:36:49.123Z\"}]}");

        assertThat(phone.identity().matchMaterial())
                .isEqualTo(takeout.identity().matchMaterial())
                .isEqualTo(elsewhere.identity().matchMaterial());
        assertThat(phone.identity().canonicalFields())
                .isNotEqualTo(takeout.identity().canonicalFields());
        MatchRule rule = MatchRule.of(LocationsTable.DEFINITION.name()).orElseThrow();
        assertThat(rule.sameEvent(candidate(phone, null), candidate(takeout, "-5")))
                .isTrue();
        assertThat(rule.sameEvent(candidate(phone, "6"), candidate(takeout, "-5")))
                .isFalse();
        assertThat(rule.sameEvent(candidate(phone, null), candidate(elsewhere, null)))
                .isFalse();
    }

    private static MatchCandidate candidate(AcceptedRecord row, String device) {
        Payload.Location location = (Payload.Location) row.payload();
        return new MatchCandidate(
                "import", "entry" + location.latitude(), row.time(), location.latitude(), location.longitude(), device);
    }
}
