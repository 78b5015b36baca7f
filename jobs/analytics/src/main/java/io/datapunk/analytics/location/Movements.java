package io.datapunk.analytics.location;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.StaysTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.TripsTable;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Finds where people stayed, or how they came from one stay to the next. */
public final class Movements implements PublishedTable {
    private final TableDefinition definition;
    private final StayFinder.Rule rule;
    private final PersonMonths.Found found;

    private Movements(TableDefinition definition, StayFinder.Rule rule, PersonMonths.Found found) {
        this.definition = definition;
        this.rule = rule;
        this.found = found;
    }

    /** As {@link StayFinder.Rule}. */
    public static Movements stays(double radius, Duration duration, Duration silence) {
        return new Movements(
                StaysTable.DEFINITION, new StayFinder.Rule(radius, duration, silence), Movements::takeStays);
    }

    /** As {@link StayFinder.Rule}. */
    public static Movements trips(double radius, Duration duration, Duration silence) {
        return new Movements(
                TripsTable.DEFINITION, new StayFinder.Rule(radius, duration, silence), Movements::takeTrips);
    }

    @Override
    public TableDefinition definition() {
        return definition;
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
        return PersonMonths.of(sources, definition, rule, found);
    }

    private static List<Row> takeStays(StayFinder finder, String user, String month) {
        return finder.takeStays().stream()
                .map(stay -> RowFactory.create(
                        user,
                        stay.startedAt(),
                        stay.endedAt(),
                        stay.seconds(),
                        stay.latitude(),
                        stay.longitude(),
                        stay.points(),
                        month))
                .toList();
    }

    private static List<Row> takeTrips(StayFinder finder, String user, String month) {
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
