package io.datapunk.ingest.format;

import io.datapunk.ingest.record.EventTime;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * Finds the time of a document of unknown format, in a field whose name says that it is one and whose unit is certain.
 * What began the event is preferred to what ended it or changed it later.
 */
final class WellKnownTimes {
    private record Field(int rank, Function<String, EventTime> reader) {}

    private static final Map<String, Field> FIELDS = Map.ofEntries(
            Map.entry("time", new Field(0, Times::iso)),
            Map.entry("timestamp", new Field(1, Times::iso)),
            Map.entry("timestampms", new Field(2, Times::epochMillis)),
            Map.entry("timestamp_ms", new Field(2, Times::epochMillis)),
            Map.entry("starttime", new Field(3, Times::iso)),
            Map.entry("starttimenanos", new Field(3, Times::epochNanos)),
            Map.entry("createdtimestampusec", new Field(4, Times::epochMicros)),
            Map.entry("createdat", new Field(5, Times::iso)),
            Map.entry("created_at", new Field(5, Times::iso)),
            Map.entry("created", new Field(6, Times::iso)),
            Map.entry("creationtime", new Field(6, Times::iso)),
            Map.entry("ts", new Field(7, Times::iso)),
            Map.entry("date", new Field(8, Times::iso)),
            Map.entry("usereditedtimestampusec", new Field(9, Times::epochMicros)));

    private EventTime best;
    private int bestRank = Integer.MAX_VALUE;

    /** Looks at one field. */
    void offer(String name, String value) {
        Field field = FIELDS.get(name.toLowerCase(Locale.ROOT));
        if (field != null && field.rank < bestRank) {
            EventTime time = field.reader.apply(value);
            if (time != null) {
                best = time;
                bestRank = field.rank;
            }
        }
    }

    /** The best time so far; null where there is none. */
    EventTime best() {
        return best;
    }
}
