package io.datapunk.analytics.location;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.TripsTable;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;

/** Finds how people came from one stay to the next. */
public final class Trips implements PublishedTable {
    private static final StructType SCHEMA = new StructType()
            .add(TripsTable.USER_ID, DataTypes.StringType, false)
            .add(TripsTable.STARTED_AT, DataTypes.LongType, false)
            .add(TripsTable.ENDED_AT, DataTypes.LongType, false)
            .add(TripsTable.SECONDS, DataTypes.LongType, false)
            .add(TripsTable.FROM_LATITUDE, DataTypes.DoubleType, false)
            .add(TripsTable.FROM_LONGITUDE, DataTypes.DoubleType, false)
            .add(TripsTable.TO_LATITUDE, DataTypes.DoubleType, false)
            .add(TripsTable.TO_LONGITUDE, DataTypes.DoubleType, false)
            .add(TripsTable.DISTANCE_M, DataTypes.DoubleType, false)
            .add(TripsTable.STRAIGHT_M, DataTypes.DoubleType, false)
            .add(TripsTable.POINTS, DataTypes.LongType, false)
            .add(EventColumns.MONTH, DataTypes.StringType, false);

    private final StayFinder.Rule rule;

    /** As {@link StayFinder.Rule}. */
    public Trips(double radius, Duration duration, Duration silence) {
        this.rule = new StayFinder.Rule(radius, duration, silence);
    }

    @Override
    public TableDefinition definition() {
        return TripsTable.DEFINITION;
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
                PersonMonths.of(sources, rule, Trips::rows, SCHEMA), TripsTable.STARTED_AT, TripsTable.ENDED_AT);
    }

    private static List<Row> rows(StayFinder finder, String user, String month) {
        return finder.takeTrips().stream()
                .map(trip -> RowFactory.create(
                        user,
                        trip.from().endedAt(),
                        trip.to().startedAt(),
                        Micros.seconds(trip.from().endedAt(), trip.to().startedAt()),
                        trip.from().latitude(),
                        trip.from().longitude(),
                        trip.to().latitude(),
                        trip.to().longitude(),
                        trip.distance(),
                        trip.straight(),
                        trip.points(),
                        month))
                .toList();
    }
}
