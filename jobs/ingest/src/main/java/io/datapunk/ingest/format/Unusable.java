package io.datapunk.ingest.format;

/** A frame that cannot become rows. Carries no stack trace: it is an answer, and there may be millions. */
final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    private final String check;

    Unusable(String check, String reason) {
        super(reason, null, false, false);
        this.check = check;
    }

    static Unusable missing(String field) {
        return new Unusable("required-field", "field '" + field + "' is missing");
    }

    static Unusable malformed(String field, String expected) {
        return new Unusable("field-form", "field '" + field + "' is not " + expected);
    }

    String check() {
        return check;
    }
}
