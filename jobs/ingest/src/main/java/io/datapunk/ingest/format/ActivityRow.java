package io.datapunk.ingest.format;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Identity;
import io.datapunk.ingest.record.Payload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Gives activities their identity, equal whatever format they came in. */
final class ActivityRow {
    /**
     * Exports write times in the zone of their day, so that only what all zones share can stand in a match key: the second
     * within the quarter of an hour.
     */
    private static final long QUARTER_SECONDS = Duration.ofMinutes(15).toSeconds();

    private ActivityRow() {}

    /**
     * A row.
     *
     * @param coarse whether the source's times are too coarse to tell equal events apart
     */
    static AcceptedRecord of(long position, String family, EventTime time, Payload.Activity activity, boolean coarse) {
        // A visit and a path of one timeline may begin in one instant and have no title.
        String title =
                activity.title() == null ? '#' + Text.orEmpty(activity.kind()) : Text.comparable(activity.title());
        String address = withoutScheme(Text.orEmpty(activity.url()));
        Identity identity = new Identity(
                family,
                List.of(Text.orEmpty(activity.product()), title, address, Long.toString(time.epochMicros())),
                coarse,
                title + '\n' + address + '\n' + Math.floorMod(time.instant().getEpochSecond(), QUARTER_SECONDS));
        return new AcceptedRecord(position, Optional.of(time), identity, activity);
    }

    /** Exports changed from http to https. */
    private static String withoutScheme(String url) {
        int scheme = url.indexOf("://");
        return scheme < 0 ? url : url.substring(scheme + 3);
    }
}
