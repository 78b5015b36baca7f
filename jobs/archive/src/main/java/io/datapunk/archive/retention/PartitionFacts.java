package io.datapunk.archive.retention;

import io.datapunk.lake.config.RetentionConfig.Kind;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A partition of a table.
 *
 * @param deltaVersion at which it was looked at
 * @param fingerprint the hash of its live files
 * @param since when its youngest row entered the lake; empty where that was not looked up
 * @param dueRows those whose own time is over; empty where that was not looked up, or its table does not tell when each
 *     entered
 * @param events when its events were; empty where that is not known of all
 * @param persons of those that holds name, whose rows are in it; empty where the table does not tell persons
 */
public record PartitionFacts(
        PartitionName name,
        long deltaVersion,
        String fingerprint,
        String category,
        Optional<Instant> since,
        Optional<DueRows> dueRows,
        OptionalLong rows,
        long bytes,
        Optional<Events> events,
        Optional<Set<String>> persons,
        Serving serving)
        implements Candidate {
    /** The first and the last event. */
    public record Events(Instant first, Instant last) {}

    /** What PostgreSQL has of it. */
    public enum Serving {
        NOT_SERVED,
        SERVED,
        /** It is out of reach. */
        UNKNOWN
    }

    @Override
    public Subject subject() {
        return new Subject(Kind.ROWS, name.toString());
    }

    @Override
    public String dataset() {
        return name.dataset().toString();
    }

    @Override
    public Optional<String> partition() {
        return name.value().map(PartitionValue::toString);
    }

    @Override
    public boolean mayBeProtectedBy(Hold hold) {
        return hold.mayProtect(name.dataset())
                && hold.userId()
                        .flatMap(user -> persons.map(known -> known.contains(user)))
                        .orElse(true)
                && hold.from()
                        .flatMap(from -> events.map(times -> !times.last().isBefore(from)))
                        .orElse(true)
                && hold.to()
                        .flatMap(to -> events.map(times -> times.first().isBefore(to)))
                        .orElse(true);
    }

    @Override
    public Optional<String> obstacle() {
        return switch (serving) {
            case NOT_SERVED -> Optional.empty();
            case SERVED ->
                Optional.of("PostgreSQL has a copy of it; `lake tier pin " + name
                        + " --tier warm`, `lake tier apply`, then plan again");
            case UNKNOWN -> Optional.of("PostgreSQL is out of reach, and may serve it; `lake doctor` tells why");
        };
    }

    @Override
    public Set<String> neededBy() {
        return Set.of();
    }
}
