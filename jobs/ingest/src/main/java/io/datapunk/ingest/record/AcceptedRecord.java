package io.datapunk.ingest.record;

import java.util.Objects;
import java.util.Optional;

/**
 * A record that can become a row.
 *
 * @param position byte offset in the entry; several records of one frame have several positions
 * @param time when it happened; empty where the source gives no time
 * @param identity what the row's keys are made of
 * @param payload the columns of the row's table
 */
public record AcceptedRecord(long position, Optional<EventTime> time, Identity identity, Payload payload)
        implements ParsedRecord {
    public AcceptedRecord {
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(identity, "identity");
        Objects.requireNonNull(payload, "payload");
    }
}
