package io.datapunk.ingest.sample;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.SplittableRandom;

/** The times of one kind of event: spread over the years before the export, each apart from its neighbours. */
final class Timeline {
    private final long first;
    private final long step;
    private final int events;
    private final long seed;

    Timeline(long seed, int events, Instant last, Duration span) {
        this.seed = seed;
        this.events = events;
        this.step = Math.max(1, span.toMillis() / events);
        this.first = last.toEpochMilli() - step * events;
    }

    int events() {
        return events;
    }

    /** When an event happened: milliseconds; a function of its number alone, rising with it. */
    Instant at(int event) {
        long jitter = new SplittableRandom(seed + event).nextLong(Math.max(1, step - 1));
        return Instant.ofEpochMilli(first + step * event + jitter);
    }

    /** ISO-8601 with milliseconds, as Takeout writes them. */
    static String iso(Instant instant) {
        return instant.truncatedTo(ChronoUnit.MILLIS).toString();
    }
}
