package io.datapunk.tiering.policy;

import java.time.Duration;
import java.time.Instant;

/**
 * The time over which accesses were recorded and taken in. Silence outside of it says nothing.
 *
 * @param since when recording began
 * @param through up to when the recorded accesses were taken in
 */
public record Observation(Instant since, Instant through) {
    /** Nothing was observed, so nothing can be demoted. */
    public static final Observation NONE = new Observation(Instant.MAX, Instant.MIN);

    /** How old the last take-in may be: two runs of the hourly schedule. */
    private static final Duration LAG = Duration.ofHours(2);

    /** Whether every moment of the last {@code length} before {@code now} was observed. */
    public boolean covers(Duration length, Instant now) {
        return !since.isAfter(now.minus(length)) && isCurrent(now);
    }

    /**
     * Whether the last take-in is recent enough to speak of {@code now}. One that lies in the future was made by a clock
     * that has been set back since, and says nothing.
     */
    public boolean isCurrent(Instant now) {
        return !through.isBefore(now.minus(LAG)) && !through.isAfter(now.plus(LAG));
    }

    /** What keeps {@link #covers} from being true, for a person. */
    String shortfall(Duration length, Instant now) {
        if (equals(NONE)) {
            return "no access was ever taken in; run `lake heat`";
        }
        if (!isCurrent(now) && through.isAfter(now)) {
            return "the last take-in, of " + through + ", lies in the future; run `lake heat`";
        }
        if (!isCurrent(now)) {
            return "accesses are known only up to " + through + "; run `lake heat`";
        }
        Duration observed = Duration.between(since, now);
        return "observed for " + Durations.text(observed.isNegative() ? Duration.ZERO : observed) + " of the "
                + Durations.text(length) + " that this needs";
    }
}
