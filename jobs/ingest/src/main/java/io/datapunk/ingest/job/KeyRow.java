package io.datapunk.ingest.job;

import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.MatchCandidate;
import io.datapunk.ingest.record.ZoneCertainty;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.Optional;

/**
 * What de-duplication sees of a row.
 *
 * @param matchKey what it is grouped by, see {@link io.datapunk.ingest.record.RecordKeys#matchKey}
 * @param source the parser that made it
 * @param row number of a staged row; 0 for others
 * @param file number of a staged row's file; 0 for others
 * @param position of a staged row in its entry; 0 for others
 * @param timeMicros microseconds since 1970, or null
 * @param certainty as the column {@code zone_certainty} holds it, or null
 * @param latitude WGS84 degrees, or null
 * @param longitude WGS84 degrees, or null
 * @param distinction value of the match rule's column, or null
 */
record KeyRow(
        Origin origin,
        String id,
        String matchKey,
        String source,
        long row,
        int file,
        long position,
        Long timeMicros,
        String certainty,
        Double latitude,
        Double longitude,
        String distinction) {
    /** Where a row is. */
    enum Origin {
        /** In staging. */
        STAGED,
        /** In the table, from another import. */
        KEPT,
        /** In the table, from an earlier attempt of this import. */
        LANDED
    }

    /**
     * Which of several staged rows of one event stays: the surest time first, then the one that says more, then the
     * order of containers, entries and positions.
     */
    static final Comparator<KeyRow> PRECEDENCE = Comparator.comparingInt(KeyRow::doubt)
            .thenComparingInt(KeyRow::file)
            .thenComparingLong(KeyRow::position)
            .thenComparingLong(KeyRow::row);

    private int doubt() {
        int time = certainty == null
                ? ZoneCertainty.values().length
                : ZoneCertainty.ofColumnValue(certainty).ordinal();
        return 2 * time + (distinction == null ? 1 : 0);
    }

    /** Whether its time, if it has one, lies where it says. */
    boolean isExact() {
        return certainty == null || ZoneCertainty.ofColumnValue(certainty) == ZoneCertainty.EXACT;
    }

    MatchCandidate candidate() {
        Optional<EventTime> time = timeMicros == null
                ? Optional.empty()
                : Optional.of(new EventTime(
                        Instant.EPOCH.plus(timeMicros, ChronoUnit.MICROS),
                        Optional.empty(),
                        certainty == null ? ZoneCertainty.EXACT : ZoneCertainty.ofColumnValue(certainty)));
        // Rules only ask whether two rows come from one entry; a number tells entries apart as a path does
        boolean staged = origin == Origin.STAGED;
        return new MatchCandidate(
                staged ? "this" : "other",
                staged ? Integer.toString(file) : id,
                time,
                latitude,
                longitude,
                distinction);
    }
}
