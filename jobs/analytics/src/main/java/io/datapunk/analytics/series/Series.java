package io.datapunk.analytics.series;

import static org.apache.spark.sql.functions.char_length;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.lit;

import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.MediaTable;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.RollupTables;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Values that rows of a table have, at the time of the event.
 *
 * @param value null where a row has none
 */
record Series(String name, TableDefinition table, Column value) {
    static final String TIME = "time";
    static final String VALUE = "value";

    static final List<Series> ALL = List.of(
            new Series("activity.events", ActivityTable.DEFINITION, lit(1)),
            new Series(
                    "messages.characters",
                    MessagesTable.DEFINITION,
                    coalesce(char_length(col(MessagesTable.TEXT)), lit(0))),
            new Series("media.bytes", MediaTable.DEFINITION, col(MediaTable.BYTES)),
            new Series("locations.points", LocationsTable.DEFINITION, lit(1)),
            new Series("locations.speed_mps", LocationsTable.DEFINITION, col(LocationsTable.SPEED_MPS)));

    /** Its values, with the series' name, the person, the time and the month. */
    Dataset<Row> values(Sources sources) {
        return sources.rows(table)
                .select(
                        lit(name).as(RollupTables.SERIES),
                        col(RollupTables.USER_ID),
                        col(EventColumns.EVENT_TIME).as(TIME),
                        value.cast("double").as(VALUE),
                        col(EventColumns.MONTH))
                .where(col(TIME).isNotNull().and(col(VALUE).isNotNull()));
    }
}
