package io.datapunk.analytics.activity;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.from_utc_timestamp;
import static org.apache.spark.sql.functions.hour;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.weekday;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.MediaTable;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.TimeProfileTable;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Counts by weekday and hour of where the person was, as far as the source says so. */
public final class TimeProfile implements PublishedTable {
    @Override
    public TableDefinition definition() {
        return TimeProfileTable.DEFINITION;
    }

    @Override
    public List<TableDefinition> sources() {
        return List.of(ActivityTable.DEFINITION, MessagesTable.DEFINITION, MediaTable.DEFINITION);
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        Column local =
                from_utc_timestamp(col(EventColumns.EVENT_TIME), coalesce(col(EventColumns.EVENT_ZONE), lit("UTC")));
        return sources().stream()
                .map(source -> sources.rows(source)
                        .where(col(EventColumns.EVENT_TIME).isNotNull())
                        .select(
                                col(TimeProfileTable.USER_ID),
                                lit(source.name().toString()).as(TimeProfileTable.DATASET),
                                weekday(local).plus(1).as(TimeProfileTable.WEEKDAY),
                                hour(local).as(TimeProfileTable.HOUR),
                                col(EventColumns.MONTH)))
                .reduce(Dataset::unionAll)
                .orElseThrow()
                .groupBy(
                        TimeProfileTable.USER_ID,
                        TimeProfileTable.DATASET,
                        TimeProfileTable.WEEKDAY,
                        TimeProfileTable.HOUR,
                        EventColumns.MONTH)
                .agg(count(lit(1)).as(TimeProfileTable.EVENTS));
    }
}
