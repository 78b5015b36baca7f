package io.datapunk.lake.config;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What published tables are computed by, and what the data is measured by.
 *
 * @param sessionGap a pause that is longer ends a session
 * @param most entries of a ranking
 * @param stayRadius metres within which a person stays
 * @param stayDuration for which he is there, at least
 * @param staySilence without a point for longer, a stay has ended
 * @param placeRadius metres within which stays are in one place
 * @param qualityRules folder with the owner's own rules of quality
 * @param warmCapacity bytes that there is room for in the warm tier, where that is limited
 * @param coldCapacity the same of the cold tier
 * @param cache what applications find in Redis
 */
public record AnalyticsConfig(
        Duration sessionGap,
        int most,
        double stayRadius,
        Duration stayDuration,
        Duration staySilence,
        double placeRadius,
        Optional<String> qualityRules,
        OptionalLong warmCapacity,
        OptionalLong coldCapacity,
        CacheConfig cache) {
    static AnalyticsConfig read(ConfigReader reader) {
        return new AnalyticsConfig(
                reader.duration("session-gap"),
                reader.integer("top", 1, 100_000),
                reader.factor("stay.radius-m"),
                reader.duration("stay.duration"),
                reader.duration("stay.silence"),
                reader.factor("place-radius-m"),
                reader.optionalText("quality.rules"),
                reader.bytesOr("capacity.warm", "unlimited"),
                reader.bytesOr("capacity.cold", "unlimited"),
                CacheConfig.read(reader.at("cache")));
    }
}
