package io.datapunk.analytics.quality.dqdl;

/** How values are compared: the parser has an enumeration of its own, with these constants, for each kind of value. */
enum Comparison {
    /** Without its ends. */
    BETWEEN,
    NOT_BETWEEN,
    GREATER_THAN,
    GREATER_THAN_EQUAL_TO,
    LESS_THAN,
    LESS_THAN_EQUAL_TO,
    EQUALS,
    NOT_EQUALS,
    IN,
    NOT_IN;

    static Comparison of(Enum<?> operator) {
        return valueOf(operator.name());
    }
}
