package io.datapunk.ingest.format;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Identity;
import io.datapunk.ingest.record.Payload;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Collects one point of a location history; all formats that hold points make their rows here. */
final class LocationPoint {
    static final String FAMILY = "google.location";

    final Detail detail = new Detail();
    EventTime time;
    Long latitudeE7;
    Long longitudeE7;
    Double accuracyM;
    Double altitudeM;
    Double speedMps;
    Double headingDeg;
    String device;
    private String origin;

    /** Sources write the same value in upper case and in lower case. */
    void source(String source) {
        origin = Text.storable(source).toLowerCase(Locale.ROOT);
    }

    /** Sets a place that is known in degrees. */
    void place(Coordinates place) {
        latitudeE7 = place.latitudeE7();
        longitudeE7 = place.longitudeE7();
    }

    /**
     * The row.
     *
     * @param coarse whether the time is told in minutes, so that equal points are counted
     * @throws Unusable where time or place is missing or the place is no place
     */
    AcceptedRecord record(long position, boolean coarse) throws Unusable {
        if (time == null) {
            throw Unusable.missing("timestamp");
        }
        if (latitudeE7 == null || longitudeE7 == null) {
            throw Unusable.missing(latitudeE7 == null ? "latitudeE7" : "longitudeE7");
        }
        Coordinates place = Coordinates.ofE7(latitudeE7, longitudeE7);
        String deviceName = device == null ? null : Text.storable(device);
        Payload.Location payload = new Payload.Location(
                place.latitude(),
                place.longitude(),
                altitudeM,
                accuracyM,
                speedMps,
                headingDeg,
                deviceName,
                origin,
                null,
                detail.toJson());
        Identity identity = new Identity(
                FAMILY,
                List.of(
                        Long.toString(time.epochMicros()),
                        Long.toString(place.latitudeE7()),
                        Long.toString(place.longitudeE7()),
                        Text.orEmpty(deviceName),
                        Text.orEmpty(origin)),
                coarse,
                Long.toString(time.instant().getEpochSecond()));
        return new AcceptedRecord(position, Optional.of(time), identity, payload);
    }
}
