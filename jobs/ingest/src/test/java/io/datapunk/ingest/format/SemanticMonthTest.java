package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Payload;
import io.datapunk.ingest.record.RejectedRecord;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class SemanticMonthTest {
    private static final String PATH = "Takeout/Location History/Semantic Location History/2020/2020_JANUARY.json";

    @Test
    void aVisitIsAnActivityThatKeepsEverythingAndALocation() {
        String visit = "{\"placeVisit\":{\"centerLatE7\":1,\"centerLngE7\":2,"
                + "\"duration\":{\"endTimestampMs\":\"1577840400000\",\"startTimestampMs\":\"1577836800123\"},"
                + "\"location\":{\"address\":\"Street 1\",\"latitudeE7\":521234567,\"longitudeE7\":131234567,"
                + "\"name\":\"Tea house\",\"placeId\":\"P1\",\"sourceInfo\":{\"deviceTag\":-5}}}}";
        List<AcceptedRecord> rows = Parsing.rows(PATH, "{\"timelineObjects\":[" + visit + "]}");

        EventTime start = EventTime.exact(Instant.parse("2020-01-01T00:00:00.123Z"));
        assertThat(rows).extracting(row -> row.time().orElseThrow()).containsExactly(start, start);
        assertThat(rows.get(0).payload())
                .isEqualTo(new Payload.Activity(
                        "Timeline",
                        "visited",
                        "Tea house",
                        "https://www.google.com/maps/place/?q=place_id:P1",
                        visit,
                        52.1234567,
                        13.1234567,
                        null));
        assertThat(rows.get(1).payload())
                .isEqualTo(new Payload.Location(
                        52.1234567, 13.1234567, null, null, null, null, "-5", "visit", null, null));
        assertThat(rows).extracting(AcceptedRecord::position).containsExactly(20L, 21L);
    }

    @Test
    void aTripHasItsEndsItsPathAndItsParking() {
        List<AcceptedRecord> rows = Parsing.rows(PATH, """
                {"timelineObjects":[{"activitySegment":{"activityType":"IN_PASSENGER_VEHICLE","distance":1200,
                  "startLocation":{"latitudeE7":10000000,"longitudeE7":20000000},
                  "endLocation":{"latitudeE7":30000000,"longitudeE7":40000000,"accuracyMetres":7},
                  "duration":{"startTimestamp":"2020-01-01T10:00:00Z","endTimestamp":"2020-01-01T11:00:00.5Z"},
                  "waypointPath":{"waypoints":[{"latE7":1,"lngE7":2}]},
                  "simplifiedRawPath":{"points":[{"latE7":15000000,"lngE7":25000000,"accuracyMeters":9,"timestamp":"2020-01-01T10:30:00Z"}]},
                  "parkingEvent":{"timestamp":"2020-01-01T10:59:00Z","location":{"latitudeE7":29000000,"longitudeE7":39000000,"accuracyMetres":11}}}}]}
                """);

        assertThat(((Payload.Activity) rows.get(0).payload()))
                .extracting(Payload.Activity::kind, Payload.Activity::title, Payload.Activity::latitude)
                .containsExactly("travelled", "IN_PASSENGER_VEHICLE", 1.0);
        assertThat(((Payload.Activity) rows.get(0).payload()).detail())
                .contains("\"waypointPath\":{\"waypoints\":[{\"latE7\":1,\"lngE7\":2}]}");
        assertThat(rows.stream().skip(1).map(AcceptedRecord::payload).map(Payload.Location.class::cast))
                .extracting(Payload.Location::origin, Payload.Location::latitude, Payload.Location::accuracyM)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("segment", 1.0, null),
                        org.assertj.core.groups.Tuple.tuple("path", 1.5, 9.0),
                        org.assertj.core.groups.Tuple.tuple("parking", 2.9, 11.0),
                        org.assertj.core.groups.Tuple.tuple("segment", 3.0, 7.0));
        assertThat(rows.get(4).time()).contains(EventTime.exact(Instant.parse("2020-01-01T11:00:00.5Z"), "UTC"));
    }

    @Test
    void aVisitWithoutCoordinatesStaysAnActivity() {
        List<AcceptedRecord> rows = Parsing.rows(
                PATH,
                "{\"timelineObjects\":[{\"placeVisit\":{\"location\":{\"semanticType\":\"TYPE_HOME\"},"
                        + "\"duration\":{\"startTimestamp\":\"2020-01-01T10:00:00Z\"}}}]}");

        assertThat(rows).hasSize(1);
        assertThat(((Payload.Activity) rows.get(0).payload()).title()).isEqualTo("TYPE_HOME");
        assertThat(((Payload.Activity) rows.get(0).payload()).latitude()).isNull();
    }

    @Test
    void anElementOfAnUnknownKindOrWithoutATimeIsRejected() {
        assertThat(Parsing.reject(PATH, "{\"timelineObjects\":[{\"flight\":{}}]}"))
                .extracting(RejectedRecord::check)
                .isEqualTo("required-field");
        assertThat(Parsing.reject(PATH, "{\"timelineObjects\":[{\"placeVisit\":{\"location\":{}}}]}"))
                .extracting(RejectedRecord::reason)
                .isEqualTo("field 'duration.startTimestamp' is missing");
    }
}
