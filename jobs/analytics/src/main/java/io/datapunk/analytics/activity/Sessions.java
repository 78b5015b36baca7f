package io.datapunk.analytics.activity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.unix_micros;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.ProvenanceColumns;
import io.datapunk.lake.model.table.SessionsTable;
import io.datapunk.lake.model.table.TableDefinition;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * Finds the stretches of time in which people were active. They end after a pause, and with the day, as web analytics has
 * long counted them: so each follows from one day's events alone.
 *
 * @param gap a pause that is longer ends a session
 */
public record Sessions(Duration gap) implements PublishedTable {
    private static final String BEGINS = "begins";
    private static final String SESSION = "session";

    @Override
    public TableDefinition definition() {
        return SessionsTable.DEFINITION;
    }

    @Override
    public List<TableDefinition> sources() {
        return List.of(ActivityTable.DEFINITION);
    }

    @Override
    public String settings() {
        return gap.toString();
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        Column time = unix_micros(col(EventColumns.EVENT_TIME));
        WindowSpec day = Window.partitionBy(SessionsTable.USER_ID, SessionsTable.DAY)
                .orderBy(col(EventColumns.EVENT_TIME), col(ProvenanceColumns.ID));
        Column pause = time.minus(lag(time, 1).over(day));
        Column first = min(EventColumns.EVENT_TIME);
        Column last = max(EventColumns.EVENT_TIME);
        return sources.rows(ActivityTable.DEFINITION)
                .where(col(EventColumns.EVENT_TIME).isNotNull())
                .withColumn(SessionsTable.DAY, col(EventColumns.EVENT_TIME).cast("date"))
                .withColumn(
                        BEGINS,
                        coalesce(pause.gt(gap.toNanos() / 1000), lit(true)).cast("int"))
                .withColumn(SESSION, sum(BEGINS).over(day))
                .groupBy(col(SessionsTable.USER_ID), col(SessionsTable.DAY), col(SESSION), col(EventColumns.MONTH))
                .agg(
                        first.as(SessionsTable.STARTED_AT),
                        last.as(SessionsTable.ENDED_AT),
                        unix_micros(last)
                                .minus(unix_micros(first))
                                .divide(1_000_000)
                                .cast("bigint")
                                .as(SessionsTable.SECONDS),
                        count(lit(1)).as(SessionsTable.EVENTS),
                        sort_array(collect_set(ActivityTable.PRODUCT)).as(SessionsTable.PRODUCTS));
    }
}
