package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;

/** PostgreSQL does not answer. A status prints UNKNOWN then; any other command ends with {@link #asFailure()}. */
public final class HotStoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String url;

    HotStoreUnavailableException(String url, Throwable cause) {
        super("PostgreSQL at " + url + " does not answer: " + SqlState.message(cause), cause);
        this.url = url;
    }

    /** The same as an error that a person can act on. */
    public LakeException asFailure() {
        return LakeException.failed(
                "PostgreSQL at " + url + " does not answer",
                SqlState.message(getCause()),
                "start it, or correct lake.postgres.url; nothing is lost without it, Delta has every row",
                this);
    }
}
