package io.datapunk.tiering.heat;

import java.time.Instant;

/** A line of the spool whose time has not come: some clock is wrong, and nobody can tell yet whose. */
final class FutureLineException extends MalformedLineException {
    private static final long serialVersionUID = 1;

    private final Instant at;

    FutureLineException(Instant at, Instant now) {
        super("has at " + at + ", in the future of " + now);
        this.at = at;
    }

    Instant at() {
        return at;
    }
}
