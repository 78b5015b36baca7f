package io.datapunk.ingest.record;

import java.util.Locale;

/** How sure a time's offset from UTC is. */
public enum ZoneCertainty {
    /** The source gives an instant, an offset or UTC. */
    EXACT,
    /** The offset follows from an abbreviation that means one thing. */
    INFERRED,
    /** Several offsets are possible; the likeliest was taken. */
    AMBIGUOUS;

    /** As the column {@code zone_certainty} holds it. */
    public String columnValue() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The reverse of {@link #columnValue()}. */
    public static ZoneCertainty ofColumnValue(String value) {
        return valueOf(value.toUpperCase(Locale.ROOT));
    }
}
