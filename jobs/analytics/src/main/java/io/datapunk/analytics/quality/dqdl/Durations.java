package io.datapunk.analytics.quality.dqdl;

import java.time.Duration;

/** DQDL's durations as Java's. */
final class Durations {
    private Durations() {}

    static Duration of(software.amazon.glue.dqdl.model.condition.duration.Duration duration) {
        return switch (duration.getUnit()) {
            case MINUTES -> Duration.ofMinutes(duration.getAmount());
            case HOURS -> Duration.ofHours(duration.getAmount());
            case DAYS -> Duration.ofDays(duration.getAmount());
        };
    }
}
