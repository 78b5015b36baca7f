package io.datapunk.lake.model.table;

import java.io.Serializable;

/**
 * A column of a table.
 *
 * @param statistics whether files keep its smallest and largest value. Personal columns do not: the values would stand
 *     in the Delta log, where erasure does not reach them.
 * @param distinct whether its values hardly repeat: a dictionary of them, or bounds where no statistics are asked for,
 *     would be built for nothing
 */
public record Column(
        String name, ColumnType type, boolean nullable, boolean statistics, boolean distinct, String comment)
        implements Serializable {
    static Column required(String name, ColumnType type, String comment) {
        return new Column(name, type, false, false, false, comment);
    }

    static Column optional(String name, ColumnType type, String comment) {
        return new Column(name, type, true, false, false, comment);
    }

    Column withStatistics() {
        return new Column(name, type, nullable, true, distinct, comment);
    }

    Column withDistinctValues() {
        return new Column(name, type, nullable, statistics, true, comment);
    }
}
