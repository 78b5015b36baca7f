package io.datapunk.analytics.series;

import static org.apache.spark.sql.functions.char_length;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.concat;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.from_json;
import static org.apache.spark.sql.functions.lit;

import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.MediaTable;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.OperationalTables;
import io.datapunk.lake.model.table.RollupTables;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;

/**
 * Values that rows of a table have, each at a time.
 *
 * @param measure makes of the table's rows the series' name, the person, the time, the value and the month; null where there is
 *     none
 */
record Series(TableDefinition table, UnaryOperator<Dataset<Row>> measure) {
    static final String TIME = "time";
    static final String VALUE = "value";

    static final List<Series> ALL = List.of(
            ofPersons("activity.events", ActivityTable.DEFINITION, lit(1)),
            ofPersons(
                    "messages.characters",
                    MessagesTable.DEFINITION,
                    coalesce(char_length(col(MessagesTable.TEXT)), lit(0))),
            ofPersons("media.bytes", MediaTable.DEFINITION, col(MediaTable.BYTES)),
            ofPersons("locations.points", LocationsTable.DEFINITION, lit(1)),
            ofPersons("locations.speed_mps", LocationsTable.DEFINITION, col(LocationsTable.SPEED_MPS)),
            new Series(
                    OperationalTables.ACTION_HISTORY,
                    rows -> columns(
                            rows,
                            lit("actions.duration_ms"),
                            lit(null),
                            col(OperationalTables.EXECUTED_AT),
                            col(OperationalTables.DURATION_MS))),
            new Series(OperationalTables.HEALTH_METRICS, Series::health));

    private static Series ofPersons(String name, TableDefinition table, Column value) {
        return new Series(
                table,
                rows -> columns(rows, lit(name), col(RollupTables.USER_ID), col(EventColumns.EVENT_TIME), value));
    }

    /** Each number that a part of the applications tells of itself is a series, as {@code health.api.latency_ms}. */
    private static Dataset<Row> health(Dataset<Row> rows) {
        Dataset<Row> measurements = rows.select(
                col(OperationalTables.COMPONENT),
                col(OperationalTables.MEASURED_AT),
                col(EventColumns.MONTH),
                explode(from_json(
                        col(OperationalTables.METRICS_DATA),
                        DataTypes.createMapType(DataTypes.StringType, DataTypes.StringType))));
        return columns(
                measurements,
                concat(lit("health."), col(OperationalTables.COMPONENT), lit("."), col("key")),
                lit(null),
                col(OperationalTables.MEASURED_AT),
                expr("try_cast(value AS double)"));
    }

    private static Dataset<Row> columns(Dataset<Row> rows, Column name, Column user, Column time, Column value) {
        return rows.select(
                name.as(RollupTables.SERIES),
                user.cast("string").as(RollupTables.USER_ID),
                time.as(TIME),
                value.cast("double").as(VALUE),
                col(EventColumns.MONTH));
    }

    /** Its values, with the series' name, the person, the time and the month. */
    Dataset<Row> values(Sources sources) {
        return measure.apply(sources.rows(table))
                .where(col(TIME).isNotNull().and(col(VALUE).isNotNull()));
    }
}
