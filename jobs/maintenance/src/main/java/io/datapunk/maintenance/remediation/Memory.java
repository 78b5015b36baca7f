package io.datapunk.maintenance.remediation;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a run has to know of earlier ones.
 *
 * @param lastActed when something was done about each trigger and its subject
 * @param cancelled queries that were told to end, by {@link Rules#query}
 * @param blocks as they were counted last
 * @param volumes how much of each disk was taken, for as long as a forecast looks ahead
 */
record Memory(
        Map<String, Instant> lastActed,
        Set<String> cancelled,
        Optional<Blocks> blocks,
        Map<String, List<Reading>> volumes) {
    static final Memory NONE = new Memory(Map.of(), Set.of(), Optional.empty(), Map.of());

    Memory {
        lastActed = Map.copyOf(lastActed);
        cancelled = Set.copyOf(cancelled);
        volumes = Map.copyOf(volumes);
    }

    /** PostgreSQL's counters. */
    record Blocks(long hit, long read) {}

    /** Bytes of a disk that were taken. */
    record Reading(Instant at, long used) {}
}
