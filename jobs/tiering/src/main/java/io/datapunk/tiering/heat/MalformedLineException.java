package io.datapunk.tiering.heat;

/** A line of the spool that says nothing usable; its message completes "the line …". */
class MalformedLineException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedLineException(String message) {
        super(message);
    }
}
