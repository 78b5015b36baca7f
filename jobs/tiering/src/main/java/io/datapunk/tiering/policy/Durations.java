package io.datapunk.tiering.policy;

import java.time.Duration;

/** Durations as people say them: hours up to 72 h, whole days from there on. */
final class Durations {
    private static final Duration LONGEST_IN_HOURS = Duration.ofHours(72);

    private Durations() {}

    static String text(Duration duration) {
        return duration.compareTo(LONGEST_IN_HOURS) > 0 ? duration.toDays() + " d" : duration.toHours() + " h";
    }
}
