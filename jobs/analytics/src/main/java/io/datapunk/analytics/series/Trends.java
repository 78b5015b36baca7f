package io.datapunk.analytics.series;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_list;
import static org.apache.spark.sql.functions.sort_array;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.unix_date;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.analytics.publish.TaskRows;
import io.datapunk.lake.model.table.RollupTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.TrendsTable;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Fits a trend to how many samples each series has by day. A series has one number a day: all of them fit into memory. */
public final class Trends implements PublishedTable {
    private static final String DAY = "day";
    private static final String SAMPLES = "samples";

    @Override
    public TableDefinition definition() {
        return TrendsTable.DEFINITION;
    }

    @Override
    public List<TableDefinition> sources() {
        return List.of(RollupTables.DAILY);
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        Dataset<Row> rows = sources.rows(RollupTables.DAILY)
                .where(col(RollupTables.SAMPLES).gt(0))
                .groupBy(RollupTables.SERIES, RollupTables.USER_ID)
                .agg(sort_array(collect_list(struct(
                        unix_date(col(RollupTables.BUCKET).cast("date")).as(DAY),
                        col(RollupTables.SAMPLES).as(SAMPLES)))))
                .map((MapFunction<Row, Row>) Trends::row, TaskRows.encoder(definition()));
        return TaskRows.typed(definition(), rows);
    }

    private static Row row(Row series) {
        List<Row> days = series.getList(2);
        int from = days.get(0).getInt(0);
        int to = days.get(days.size() - 1).getInt(0);
        double[] values = new double[to - from + 1];
        days.forEach(day -> values[day.getInt(0) - from] = day.getLong(1));
        double mean = Arrays.stream(values).sum() / values.length;
        if (values.length < Trend.LEAST_DAYS) {
            return RowFactory.create(
                    series.getString(0),
                    series.getString(1),
                    from,
                    to,
                    (long) values.length,
                    mean,
                    null,
                    null,
                    null,
                    null,
                    null,
                    null);
        }
        Trend trend = Trend.of(values, LocalDate.ofEpochDay(from).getDayOfWeek());
        return RowFactory.create(
                series.getString(0),
                series.getString(1),
                from,
                to,
                (long) values.length,
                mean,
                trend.slope(),
                trend.low(),
                trend.high(),
                trend.trendStrength(),
                trend.weekdays(),
                trend.weekStrength());
    }
}
