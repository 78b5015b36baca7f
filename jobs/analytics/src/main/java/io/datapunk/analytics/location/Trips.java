package io.datapunk.analytics.location;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.TripsTable;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Finds how people came from one stay to the next. */
public final class Trips implements PublishedTable {
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
    public String settings() {
        return rule.toString();
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        return PersonMonths.of(sources, definition(), rule, Trips::rows);
    }

    private static List<Row> rows(StayFinder finder, String user, String month) {
        return finder.takeTrips().stream()
                .map(trip -> RowFactory.create(
                        user,
                        trip.from().endedAt(),
                        trip.to().startedAt(),
                        trip.seconds(),
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
