package io.datapunk.ingest.sample;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Objects;

/**
 * What a sample export looks like.
 *
 * @param seed the same seed gives the same events, whatever the zone and the packaging
 * @param scale 1 is about 15 MB of entries, 75 about 1 GB
 * @param exportedAt when the export was made, 2026-01-14 or later; the events do not depend on it
 * @param zone the account's zone at export, which the HTML pages write their times in
 * @param packaging how the entries are packed
 */
public record SampleOptions(long seed, double scale, Instant exportedAt, ZoneId zone, Packaging packaging) {
    /** How the entries are packed. */
    public enum Packaging {
        /** Two zip parts. */
        ZIP,
        /** One compressed tar file. */
        TGZ,
        /** An unpacked folder. */
        FOLDER
    }

    public SampleOptions {
        Objects.requireNonNull(exportedAt, "exportedAt");
        Objects.requireNonNull(zone, "zone");
        Objects.requireNonNull(packaging, "packaging");
        if (!(scale > 0 && scale <= 10_000)) {
            throw new IllegalArgumentException("scale must be above 0 and at most 10000, not " + scale);
        }
    }

    /** Two zip parts of 2026-01-15, an account in Berlin. */
    public static SampleOptions of(long seed, double scale) {
        return new SampleOptions(
                seed, scale, Instant.parse("2026-01-15T10:15:00Z"), ZoneId.of("Europe/Berlin"), Packaging.ZIP);
    }

    public SampleOptions exportedAt(Instant instant) {
        return new SampleOptions(seed, scale, instant, zone, packaging);
    }

    public SampleOptions inZone(ZoneId other) {
        return new SampleOptions(seed, scale, exportedAt, other, packaging);
    }

    public SampleOptions packedAs(Packaging other) {
        return new SampleOptions(seed, scale, exportedAt, zone, other);
    }

    /** How many of something that scale 1 has {@code count} of; at least 1. */
    int scaled(int count) {
        return (int) Math.max(1, Math.round(count * scale));
    }
}
