package io.datapunk.lake.model.table;

import java.io.Serializable;

/**
 * A column of a table.
 *
 * @param statistics whether files keep its smallest and largest value. Personal columns do not: the values would stand
 *     in the Delta log, where erasure does not reach them.
 */
public record Column(String name, ColumnType type, boolean nullable, boolean statistics, String comment)
        implements Serializable {
    static Column required(String name, ColumnType type, String comment) {
        return new Column(name, type, false, false, comment);
    }

    static Column optional(String name, ColumnType type, String comment) {
        return new Column(name, type, true, false, comment);
    }

    Column withStatistics() {
        return new Column(name, type, nullable, true, comment);
    }
}
