package io.datapunk.analytics.usage;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count_distinct;
import static org.apache.spark.sql.functions.rank;
import static org.apache.spark.sql.functions.sum;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.AccessHoursTable;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.HotSpotsTable;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;

/**
 * Ranks the partitions of each dataset by how much they are read.
 *
 * @param most so many of each dataset and month; equal ones at the end come along
 */
public record HotSpots(int most) implements PublishedTable {
    @Override
    public TableDefinition definition() {
        return HotSpotsTable.DEFINITION;
    }

    @Override
    public List<TableDefinition> sources() {
        return List.of(AccessHoursTable.DEFINITION);
    }

    @Override
    public String settings() {
        return Integer.toString(most);
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        return sources.rows(AccessHoursTable.DEFINITION)
                .withColumn(HotSpotsTable.DATASET, DatasetUsage.DATASET)
                .withColumn(EventColumns.MONTH, Sources.month(AccessHoursTable.DAY))
                .groupBy(HotSpotsTable.DATASET, EventColumns.MONTH, HotSpotsTable.PARTITION)
                .agg(
                        sum(AccessHoursTable.ACCESSES).as(HotSpotsTable.ACCESSES),
                        count_distinct(col(AccessHoursTable.DAY)).as(HotSpotsTable.DAYS))
                .withColumn(
                        HotSpotsTable.SHARE,
                        col(HotSpotsTable.ACCESSES)
                                .divide(sum(HotSpotsTable.ACCESSES)
                                        .over(Window.partitionBy(HotSpotsTable.DATASET, EventColumns.MONTH))))
                .withColumn(
                        HotSpotsTable.RANK,
                        rank().over(Window.partitionBy(HotSpotsTable.DATASET, EventColumns.MONTH)
                                .orderBy(col(HotSpotsTable.ACCESSES).desc())))
                .where(col(HotSpotsTable.RANK).leq(most));
    }
}
