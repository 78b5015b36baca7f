package io.datapunk.ingest.record;

import java.util.Optional;

/**
 * What a match rule sees of a row, whether it is in the lake already or about to enter.
 *
 * @param importId the import that brought the row
 * @param entry path inside the export
 * @param time empty for undated rows
 * @param latitude WGS84 degrees or null
 * @param longitude WGS84 degrees or null
 * @param distinction value of the rule's {@link MatchRule#distinctionColumn()}, or null
 */
public record MatchCandidate(
        String importId,
        String entry,
        Optional<EventTime> time,
        Double latitude,
        Double longitude,
        String distinction) {}
