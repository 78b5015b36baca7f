package io.datapunk.tiering.policy;

import io.datapunk.lake.model.FileTier;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * All that a policy may know of a partition.
 *
 * @param files where its live files lie
 * @param serving what PostgreSQL does with it
 * @param bytes of its live files
 * @param lastWritten when rows last came in, not when files last moved
 * @param lastMoved when its files last changed their tier; empty where they never did
 * @param pin the tier that a person has chosen; empty where a policy decides
 * @param hotObstacle why PostgreSQL cannot hold its rows exactly; empty where nothing is known against it
 * @param accesses by hour
 */
public record PartitionFacts(
        PartitionName partition,
        FileTier files,
        Serving serving,
        long bytes,
        Instant lastWritten,
        Optional<Instant> lastMoved,
        Optional<Tier> pin,
        Optional<String> hotObstacle,
        Accesses accesses) {
    /** A partition that nobody has pinned, with nothing known against serving it hot. */
    public PartitionFacts(
            PartitionName partition,
            FileTier files,
            Serving serving,
            long bytes,
            Instant lastWritten,
            Optional<Instant> lastMoved,
            Accesses accesses) {
        this(partition, files, serving, bytes, lastWritten, lastMoved, Optional.empty(), Optional.empty(), accesses);
    }

    public PartitionFacts {
        Objects.requireNonNull(partition);
        Objects.requireNonNull(files);
        Objects.requireNonNull(serving);
        Objects.requireNonNull(lastWritten);
        Objects.requireNonNull(lastMoved);
        Objects.requireNonNull(pin);
        Objects.requireNonNull(hotObstacle);
        Objects.requireNonNull(accesses);
        if (bytes < 0) {
            throw new IllegalArgumentException(partition + " cannot have " + bytes + " bytes");
        }
    }

    public Placement placement() {
        return switch (serving) {
            case CURRENT -> Placement.HOT;
            case STALE -> Placement.STALE;
            case UNKNOWN -> Placement.UNKNOWN;
            case NOT_SERVED ->
                switch (files) {
                    case WARM -> Placement.WARM;
                    case COLD -> Placement.COLD;
                    case MIXED -> Placement.MIXED;
                };
        };
    }

    /** Whether a person wants it hot, whatever a policy says. */
    boolean isPinnedHot() {
        return pin.filter(Tier.HOT::equals).isPresent();
    }

    /** The time since the last access or write, whichever is later. */
    Duration idle(Heat heat, Instant now) {
        Duration sinceWrite = age(lastWritten, now);
        return heat.lastAccess()
                .map(access -> age(access, now))
                .filter(sinceAccess -> sinceAccess.compareTo(sinceWrite) < 0)
                .orElse(sinceWrite);
    }

    /** The time since the last write, or since its files moved, whichever is later. */
    Duration settledFor(Instant now) {
        Duration sinceWrite = age(lastWritten, now);
        return lastMoved
                .map(moved -> age(moved, now))
                .filter(sinceMove -> sinceMove.compareTo(sinceWrite) < 0)
                .orElse(sinceWrite);
    }

    /** The time between; none for a time after {@code now}. */
    static Duration age(Instant time, Instant now) {
        return time.isAfter(now) ? Duration.ZERO : Duration.between(time, now);
    }
}
