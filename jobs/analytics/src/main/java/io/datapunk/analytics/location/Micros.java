package io.datapunk.analytics.location;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.timestamp_micros;

import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Times as numbers: rows that tasks make have them so, whatever kind of time object the session hands out. */
final class Micros {
    private Micros() {}

    static long seconds(long from, long to) {
        return (to - from) / 1_000_000;
    }

    static Dataset<Row> asTimes(Dataset<Row> rows, String... columns) {
        Dataset<Row> timed = rows;
        for (String column : columns) {
            timed = timed.withColumn(column, timestamp_micros(col(column)));
        }
        return timed;
    }
}
