package io.datapunk.analytics.activity;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.lit;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.ActivityDailyTable;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Counts what people did by day. */
public final class ActivityDaily implements PublishedTable {
    @Override
    public TableDefinition definition() {
        return ActivityDailyTable.DEFINITION;
    }

    @Override
    public List<TableDefinition> sources() {
        return List.of(ActivityTable.DEFINITION);
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        return sources.rows(ActivityTable.DEFINITION)
                .where(col(EventColumns.EVENT_TIME).isNotNull())
                .withColumn(ActivityDailyTable.DAY, col(EventColumns.EVENT_TIME).cast("date"))
                .groupBy(
                        ActivityDailyTable.USER_ID,
                        ActivityDailyTable.DAY,
                        ActivityDailyTable.PRODUCT,
                        ActivityDailyTable.SOURCE,
                        ActivityDailyTable.KIND,
                        EventColumns.MONTH)
                .agg(count(lit(1)).as(ActivityDailyTable.EVENTS));
    }
}
