package io.datapunk.analytics.usage;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.hour;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.substring_index;
import static org.apache.spark.sql.functions.sum;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.DatasetUsageTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/** Sums up accesses by dataset and day. */
public final class DatasetUsage implements PublishedTable {
    /** {@code user_data.activity/month=2026-01} is a partition of {@code user_data.activity}. */
    static final Column DATASET = substring_index(col(AccessHoursTable.PARTITION), "/", 1);

    private static final String BUSIEST = "busiest";

    @Override
    public TableDefinition definition() {
        return DatasetUsageTable.DEFINITION;
    }

    @Override
    public List<TableDefinition> sources() {
        return List.of(AccessHoursTable.DEFINITION);
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        Dataset<Row> accesses = sources.rows(AccessHoursTable.DEFINITION)
                .withColumn(DatasetUsageTable.DATASET, DATASET)
                .withColumn(EventColumns.MONTH, Sources.month(AccessHoursTable.DAY))
                .withColumn(AccessHoursTable.HOUR, hour(col(AccessHoursTable.HOUR)))
                .withColumn(DatasetUsageTable.DAY, col(AccessHoursTable.DAY).cast("date"));
        String[] day = {DatasetUsageTable.DATASET, DatasetUsageTable.DAY, EventColumns.MONTH};
        Dataset<Row> busiest = accesses.groupBy(
                        col(DatasetUsageTable.DATASET),
                        col(DatasetUsageTable.DAY),
                        col(EventColumns.MONTH),
                        col(AccessHoursTable.HOUR))
                .agg(sum(AccessHoursTable.ACCESSES).as(AccessHoursTable.ACCESSES))
                .groupBy(DatasetUsageTable.DATASET, DatasetUsageTable.DAY, EventColumns.MONTH)
                .agg(max(struct(
                                col(AccessHoursTable.ACCESSES),
                                lit(0).minus(col(AccessHoursTable.HOUR)).as(AccessHoursTable.HOUR)))
                        .as(BUSIEST))
                .withColumn(
                        DatasetUsageTable.BUSIEST_HOUR,
                        lit(0).minus(col(BUSIEST).getField(AccessHoursTable.HOUR)))
                .withColumn(DatasetUsageTable.BUSIEST_ACCESSES, col(BUSIEST).getField(AccessHoursTable.ACCESSES));
        return accesses.groupBy(DatasetUsageTable.DATASET, DatasetUsageTable.DAY, EventColumns.MONTH)
                .agg(
                        sum(AccessHoursTable.ACCESSES).as(DatasetUsageTable.ACCESSES),
                        count_distinct(col(AccessHoursTable.PARTITION)).as(DatasetUsageTable.PARTITIONS))
                .join(busiest, day);
    }
}
