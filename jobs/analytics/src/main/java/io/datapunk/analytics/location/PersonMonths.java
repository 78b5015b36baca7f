package io.datapunk.analytics.location;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_micros;

import com.google.common.collect.Iterators;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.analytics.publish.TaskRows;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Goes through each person's points of a month, in the order of time, and keeps no more of them than one stay has. */
record PersonMonths(StayFinder.Rule rule, Found found) implements MapPartitionsFunction<Row, Row> {
    private static final String MICROS = "micros";
    private static final int USER = 0;
    private static final int MONTH = 1;

    /** What is wanted of it. */
    @FunctionalInterface
    interface Found extends Serializable {
        /** Rows of what was found since it was asked last. */
        List<Row> take(StayFinder finder, String user, String month);
    }

    static Dataset<Row> of(Sources sources, TableDefinition table, StayFinder.Rule rule, Found found) {
        Column[] order = {
            col(ProvenanceColumns.USER_ID), col(EventColumns.MONTH), col(MICROS), col(ProvenanceColumns.ID)
        };
        Dataset<Row> rows = sources.rows(LocationsTable.DEFINITION)
                .where(col(EventColumns.EVENT_TIME)
                        .isNotNull()
                        .and(col(LocationsTable.LATITUDE).between(-90, 90))
                        .and(col(LocationsTable.LONGITUDE).between(-180, 180)))
                .select(
                        col(ProvenanceColumns.USER_ID),
                        col(EventColumns.MONTH),
                        unix_micros(col(EventColumns.EVENT_TIME)).as(MICROS),
                        col(LocationsTable.LATITUDE),
                        col(LocationsTable.LONGITUDE),
                        col(ProvenanceColumns.ID))
                .repartition(order[USER], order[MONTH])
                .sortWithinPartitions(order)
                .mapPartitions(new PersonMonths(rule, found), TaskRows.encoder(table));
        return TaskRows.typed(table, rows);
    }

    @Override
    public Iterator<Row> call(Iterator<Row> points) {
        return Iterators.concat(new Iterator<Iterator<Row>>() {
            private StayFinder finder = new StayFinder(rule);
            private String user;
            private String month;

            @Override
            public boolean hasNext() {
                return points.hasNext() || user != null;
            }

            @Override
            public Iterator<Row> next() {
                if (!points.hasNext()) {
                    return end();
                }
                Row row = points.next();
                Iterator<Row> ended = Iterators.forArray();
                if (!row.getString(USER).equals(user) || !row.getString(MONTH).equals(month)) {
                    ended = user == null ? ended : end();
                    finder = new StayFinder(rule);
                    user = row.getString(USER);
                    month = row.getString(MONTH);
                }
                finder.add(new Point(row.getLong(2), row.getDouble(3), row.getDouble(4)));
                return Iterators.concat(ended, found.take(finder, user, month).iterator());
            }

            private Iterator<Row> end() {
                finder.end();
                List<Row> last = found.take(finder, user, month);
                user = null;
                return last.iterator();
            }
        });
    }
}
