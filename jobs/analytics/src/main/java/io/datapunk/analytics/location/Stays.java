package io.datapunk.analytics.location;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.StaysTable;
import io.datapunk.lake.model.table.TableDefinition;
import java.time.Duration;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Finds where people stayed. */
public final class Stays implements PublishedTable {
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
    public String settings() {
        return rule.toString();
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        return PersonMonths.of(sources, definition(), rule, Stays::rows);
    }

    private static List<Row> rows(StayFinder finder, String user, String month) {
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
}
