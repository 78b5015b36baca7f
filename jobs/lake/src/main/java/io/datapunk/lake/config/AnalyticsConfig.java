package io.datapunk.lake.config;

import java.time.Duration;

/**
 * What published tables are computed by.
 *
 * @param sessionGap a pause that is longer ends a session
 * @param most entries of a ranking
 * @param stayRadius metres within which a person stays
 * @param stayDuration for which he is there, at least
 * @param staySilence without a point for longer, a stay has ended
 * @param placeRadius metres within which stays are in one place
 */
public record AnalyticsConfig(
        Duration sessionGap,
        int most,
        double stayRadius,
        Duration stayDuration,
        Duration staySilence,
        double placeRadius) {
    static AnalyticsConfig read(ConfigReader reader) {
        return new AnalyticsConfig(
                reader.duration("session-gap"),
                reader.integer("top", 1, 100_000),
                reader.factor("stay.radius-m"),
                reader.duration("stay.duration"),
                reader.duration("stay.silence"),
                reader.factor("place-radius-m"));
    }
}
