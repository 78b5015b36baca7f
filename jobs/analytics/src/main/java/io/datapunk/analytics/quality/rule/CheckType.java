package io.datapunk.analytics.quality.rule;

import java.util.Locale;

/** What a rule is about. */
public enum CheckType {
    /** Values are there. */
    COMPLETENESS,
    /** Values do not occur twice. */
    UNIQUENESS,
    /** Values, their lengths or their statistics lie within bounds, or in a set. */
    RANGE,
    /** Texts have a form. */
    PATTERN,
    /** Values exist in another table. */
    REFERENTIAL,
    /** The newest value is young enough. */
    FRESHNESS,
    /** There are as many rows as there should be. */
    VOLUME,
    /** Values are distributed as they were. */
    DRIFT,
    /** Columns are as expected. */
    SCHEMA,
    /** A query of the owner's. */
    CUSTOM;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
