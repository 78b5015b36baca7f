package io.datapunk.analytics.location;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.StaysTable;
import io.datapunk.lake.model.table.TableDefinition;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Finds where people stayed. */
public final class Stays implements PublishedTable {
    private static final StructType SCHEMA = new StructType()
            .add(StaysTable.USER_ID, DataTypes.StringType, false)
            .add(StaysTable.STARTED_AT, DataTypes.LongType, false)
            .add(StaysTable.ENDED_AT, DataTypes.LongType, false)
            .add(StaysTable.SECONDS, DataTypes.LongType, false)
            .add(StaysTable.LATITUDE, DataTypes.DoubleType, false)
            .add(StaysTable.LONGITUDE, DataTypes.DoubleType, false)
            .add(StaysTable.POINTS, DataTypes.LongType, false)
            .add(EventColumns.MONTH, DataTypes.StringType, false);

    private final StayFinder.Rule rule;

    /** As {@link StayFinder.Rule}. */
    public Stays(double radius, Duration duration, Duration silence) {
        this.rule = new StayFinder.Rule(radius, duration, silence);
    }

    @Override
    public TableDefinition definition() {
        return StaysTable.DEFINITION;
    }

    @Override
    public List<TableDefinition> sources() {
        return List.of(LocationsTable.DEFINITION);
    }

    @Override
    public int revision() {
        return 1;
    }

    @Override
    public String settings() {
        return rule.toString();
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        return Micros.asTimes(
                PersonMonths.of(sources, rule, Stays::rows, SCHEMA), StaysTable.STARTED_AT, StaysTable.ENDED_AT);
    }

    private static List<Row> rows(StayFinder finder, String user, String month) {
        return finder.takeStays().stream()
                .map(stay -> RowFactory.create(
                        user,
                        stay.startedAt(),
                        stay.endedAt(),
                        Micros.seconds(stay.startedAt(), stay.endedAt()),
                        stay.latitude(),
                        stay.longitude(),
                        stay.points(),
                        month))
                .toList();
    }
}
