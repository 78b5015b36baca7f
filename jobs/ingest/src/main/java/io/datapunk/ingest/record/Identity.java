package io.datapunk.ingest.record;

import java.util.List;
import java.util.Objects;

/**
 * What a record's keys are made of, before the user is known.
 *
 * @param sourceFamily the family of formats that share ids, as {@code google.activity} for its JSON and its HTML
 * @param canonicalFields the values that make the record what it is, in the family's fixed order; independent of the
 *     order of fields in the source, of the export and of the parser's version
 * @param occurrenceNumbered true when the source cannot tell two events apart (its times are too coarse), so that equal
 *     records of one entry are counted instead of collapsed
 * @param matchMaterial equal for records that may describe one event, in whatever format and precision
 */
public record Identity(
        String sourceFamily, List<String> canonicalFields, boolean occurrenceNumbered, String matchMaterial) {
    public Identity {
        Objects.requireNonNull(sourceFamily, "sourceFamily");
        Objects.requireNonNull(matchMaterial, "matchMaterial");
        canonicalFields = List.copyOf(canonicalFields);
    }
}
