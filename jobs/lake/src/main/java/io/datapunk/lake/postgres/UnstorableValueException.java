package io.datapunk.lake.postgres;

/** A value that PostgreSQL cannot hold without changing it. Carries no part of the value: it is personal. */
final class UnstorableValueException extends Exception {
    private static final long serialVersionUID = 1;

    UnstorableValueException(String reason) {
        super(reason);
    }

    UnstorableValueException in(String column) {
        return new UnstorableValueException("column " + column + " " + getMessage());
    }
}
