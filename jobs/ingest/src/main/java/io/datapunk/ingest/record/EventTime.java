package io.datapunk.ingest.record;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.Optional;

/**
 * When something happened.
 *
 * @param instant cut to microseconds
 * @param zone IANA name or offset as the source gave it; empty where it gave a bare instant
 * @param certainty how sure the instant's offset is
 */
public record EventTime(Instant instant, Optional<String> zone, ZoneCertainty certainty) {
    public EventTime {
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(certainty, "certainty");
        instant = instant.truncatedTo(ChronoUnit.MICROS);
    }

    /** An instant that the source gives as such. */
    public static EventTime exact(Instant instant) {
        return new EventTime(instant, Optional.empty(), ZoneCertainty.EXACT);
    }

    /** An instant that the source gives with its offset. */
    public static EventTime exact(Instant instant, String zone) {
        return new EventTime(instant, Optional.of(zone), ZoneCertainty.EXACT);
    }

    /** Microseconds since 1970-01-01T00:00Z. */
    public long epochMicros() {
        return Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
    }
}
