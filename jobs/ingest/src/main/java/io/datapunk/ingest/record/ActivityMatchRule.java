package io.datapunk.ingest.record;

import java.time.Duration;
import java.util.Optional;

/**
 * One event in JSON and in HTML, or in the HTML of two exports. HTML has whole seconds, in the zone that the account had
 * when it was exported, so that the same event can lie hours apart.
 */
final class ActivityMatchRule implements MatchRule {
    /** All zones differ from each other by multiples of this. */
    static final long ZONE_STEP_SECONDS = Duration.ofMinutes(15).toSeconds();

    /** Between UTC-12 and UTC+14. */
    private static final long WIDEST_SHIFT_SECONDS = Duration.ofHours(26).toSeconds();

    /** A region's offset with and without daylight saving. */
    private static final long DAYLIGHT_SAVING_SECONDS = Duration.ofHours(1).toSeconds();

    @Override
    public String name() {
        return "activity-time-and-title";
    }

    @Override
    public Optional<String> distinctionColumn() {
        return Optional.empty();
    }

    @Override
    public boolean sameEvent(MatchCandidate one, MatchCandidate other) {
        if (Entries.same(one, other) || one.time().isEmpty() || other.time().isEmpty()) {
            return false;
        }
        EventTime left = one.time().get();
        EventTime right = other.time().get();
        if (fraction(left) != fraction(right) && fraction(left) != 0 && fraction(right) != 0) {
            return false;
        }
        long apart = Math.abs(left.instant().getEpochSecond() - right.instant().getEpochSecond());
        ZoneCertainty lessSure =
                left.certainty().compareTo(right.certainty()) > 0 ? left.certainty() : right.certainty();
        return switch (lessSure) {
            case EXACT -> apart == 0;
            case INFERRED -> apart == 0 || apart == DAYLIGHT_SAVING_SECONDS;
            case AMBIGUOUS -> apart % ZONE_STEP_SECONDS == 0 && apart <= WIDEST_SHIFT_SECONDS;
        };
    }

    private static int fraction(EventTime time) {
        return time.instant().getNano();
    }
}
