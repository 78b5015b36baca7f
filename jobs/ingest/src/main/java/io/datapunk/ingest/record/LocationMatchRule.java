package io.datapunk.ingest.record;

import io.datapunk.lake.model.table.LocationsTable;
import java.time.Duration;
import java.util.Optional;

/**
 * One fix in a Takeout (seven digits) and in an on-device export (six digits, sometimes cut instead of rounded), so that
 * exact coordinates never match.
 */
final class LocationMatchRule implements MatchRule {
    private static final Duration CLOSE_IN_TIME = Duration.ofSeconds(1);

    /** Twice the last digit that the coarser source has: about 22 cm of latitude. */
    private static final double CLOSE_IN_DEGREES = 2e-6;

    @Override
    public String name() {
        return "location-time-and-place";
    }

    @Override
    public Optional<String> distinctionColumn() {
        return Optional.of(LocationsTable.DEVICE);
    }

    @Override
    public boolean sameEvent(MatchCandidate one, MatchCandidate other) {
        if (Entries.same(one, other)
                || one.time().isEmpty()
                || other.time().isEmpty()
                || one.latitude() == null
                || other.latitude() == null
                || one.longitude() == null
                || other.longitude() == null) {
            return false;
        }
        boolean devicesDiffer = one.distinction() != null
                && other.distinction() != null
                && !one.distinction().equals(other.distinction());
        Duration apart = Duration.between(
                        one.time().get().instant(), other.time().get().instant())
                .abs();
        return !devicesDiffer
                && apart.compareTo(CLOSE_IN_TIME) < 0
                && Math.abs(one.latitude() - other.latitude()) <= CLOSE_IN_DEGREES
                && Math.abs(one.longitude() - other.longitude()) <= CLOSE_IN_DEGREES;
    }
}
