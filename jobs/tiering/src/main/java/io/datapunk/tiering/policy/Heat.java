package io.datapunk.tiering.policy;

import java.time.Instant;
import java.util.Optional;

/**
 * A partition's heat at one time.
 *
 * @param hot over the hot window, by default 24 h
 * @param warm over the warm window, by default 72 h
 * @param cold over the cold window, by default 90 d
 * @param lastAccess begin of the last hour with an access; empty where none is known
 */
public record Heat(Rate hot, Rate warm, Rate cold, Optional<Instant> lastAccess) {
    public static Heat of(Accesses accesses, HeatWindows windows, Instant now) {
        return new Heat(
                windows.hot().heat(accesses, now),
                windows.warm().heat(accesses, now),
                windows.cold().heat(accesses, now),
                accesses.lastBefore(now));
    }
}
