package io.datapunk.tiering.heat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What the growth of a scan counter says about accesses. */
final class ScanCounts {
    private ScanCounts() {}

    /**
     * Accesses between two looks at a counter: the scans since the first, at most one for each minute that was begun,
     * because one query may scan an index a thousand times.
     *
     * @param before its value at the look before; empty where there was none: what it counted until now may be the load
     * @param takenAt when that was
     * @param scans its value now; below the one before, it began again from zero, as after a crash
     */
    static long accesses(Optional<Long> before, Instant takenAt, long scans, Instant now) {
        if (before.isEmpty()) {
            return 0;
        }
        long grown = scans < before.get() ? scans : scans - before.get();
        // A clock that was set back leaves one minute.
        long minutes =
                Math.max(1, Duration.between(takenAt, now).plusSeconds(59).toMinutes());
        return Math.min(grown, minutes);
    }
}
