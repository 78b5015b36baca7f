package io.datapunk.lake.model;

/** What became of a row that somebody wrote elsewhere. */
public enum RowChange {
    /** It may be new. */
    INSERT("I"),

    /** It was there before; where it is not any more, somebody has deleted it on purpose. */
    UPDATE("U"),

    DELETE("D");

    /** The column that says so, beside those of the row. */
    public static final String COLUMN = "lake_operation";

    private final String code;

    RowChange(String code) {
        this.code = code;
    }

    /** How the column says it. */
    public String code() {
        return code;
    }
}
