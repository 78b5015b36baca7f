package io.datapunk.analytics.quality.rule;

import io.datapunk.lake.model.DatasetName;
import java.util.List;
import java.util.Optional;

/** A number that a table has. Conditions and expressions are Spark's SQL. */
public sealed interface Measure {
    /**
     * The share of rows that are good.
     *
     * @param good is true or false for each row, never null
     * @param where the rows that count; empty: all
     */
    record Share(String good, Optional<String> where) implements Measure {
        /** What holds for every row where all rows that count are good. */
        public String condition() {
            return where.map(rows -> "NOT coalesce(" + rows + ", false) OR " + good)
                    .orElse(good);
        }
    }

    /**
     * An aggregate of all rows.
     *
     * @param aggregate an expression whose result is a number, as {@code avg(bytes)}
     * @param where the rows that count; empty: all
     */
    record Aggregate(String aggregate, Optional<String> where) implements Measure {}

    /**
     * How values, or combinations of them, are spread over rows.
     *
     * @param columns that are looked at together
     */
    record Groups(Statistic statistic, List<String> columns, Optional<String> where) implements Measure {
        public Groups {
            columns = List.copyOf(columns);
        }
    }

    /** What is said of groups of equal values; Deequ's definitions. */
    enum Statistic {
        /** Share of the rows with a value whose value occurs once. */
        UNIQUENESS,
        /** The same of all rows: one without a value is none that is known by it. */
        KEY,
        /** Values that occur once, of the different ones. */
        UNIQUE_VALUE_RATIO,
        /** Different values. */
        DISTINCT,
        /** In nats: 0 where all values are equal. */
        ENTROPY
    }

    /**
     * The share of rows whose values exist in another table; a row without a value counts as one that does.
     *
     * @param columns in the order of the keys
     */
    record References(List<String> columns, DatasetName table, List<String> keys) implements Measure {
        public References {
            columns = List.copyOf(columns);
            keys = List.copyOf(keys);
        }
    }

    /** Rows of this table for each one of another. */
    record RowsBeside(DatasetName table) implements Measure {}

    /** How many columns there are. */
    record Columns() implements Measure {}

    /** The share of columns whose names match a regular expression. */
    record ColumnsNamed(String pattern) implements Measure {}

    /** 1 where there is such a column, else 0. */
    record ColumnPresent(String column) implements Measure {}

    /** What a query says, in which the table is called {@code primary}. */
    record Query(String statement) implements Measure {}

    /**
     * How much the last whole month differs from those before, of a table by month: 1 is what one month in a hundred
     * exceeds by chance, more is unusual.
     *
     * @param aggregate what is said of each month, as {@code count(1)}
     */
    record Surprise(String aggregate) implements Measure {}

    /** The same of how a column's values are distributed. */
    record Shift(String column) implements Measure {}
}
