package io.datapunk.analytics.location;

import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.unix_micros;

import io.datapunk.analytics.publish.PublishedTable;
import io.datapunk.analytics.publish.Sources;
import io.datapunk.analytics.publish.TaskRows;
import io.datapunk.lake.model.table.PlacesTable;
import io.datapunk.lake.model.table.StaysTable;
import io.datapunk.lake.model.table.TableDefinition;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.FlatMapGroupsFunction;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/**
 * Finds the places to which people came back. A person has some stays a day, so that all of them fit into memory.
 *
 * @param radius in metres
 */
public record Places(double radius) implements PublishedTable {
    @Override
    public TableDefinition definition() {
        return PlacesTable.DEFINITION;
    }

    @Override
    public List<TableDefinition> sources() {
        return List.of(StaysTable.DEFINITION);
    }

    @Override
    public String settings() {
        return Double.toString(radius);
    }

    @Override
    public Dataset<Row> rows(Sources sources) {
        double within = radius;
        FlatMapGroupsFunction<String, Row, Row> places =
                (user, stays) -> rows(user, new PlaceFinder(within).find(stays(stays)));
        Dataset<Row> rows = sources.rows(StaysTable.DEFINITION)
                .select(
                        col(StaysTable.USER_ID),
                        unix_micros(col(StaysTable.STARTED_AT)),
                        unix_micros(col(StaysTable.ENDED_AT)),
                        col(StaysTable.LATITUDE),
                        col(StaysTable.LONGITUDE),
                        col(StaysTable.POINTS))
                .groupByKey((MapFunction<Row, String>) row -> row.getString(0), Encoders.STRING())
                .flatMapGroups(places, TaskRows.encoder(definition()));
        return TaskRows.typed(definition(), rows);
    }

    private static List<Stay> stays(Iterator<Row> rows) {
        List<Stay> stays = new ArrayList<>();
        rows.forEachRemaining(row -> stays.add(
                new Stay(row.getLong(1), row.getLong(2), row.getDouble(3), row.getDouble(4), row.getLong(5))));
        return stays;
    }

    private static Iterator<Row> rows(String user, List<PlaceFinder.Place> places) {
        return places.stream()
                .map(place -> RowFactory.create(
                        user,
                        place.number(),
                        place.latitude(),
                        place.longitude(),
                        place.stays(),
                        place.micros() / 1_000_000,
                        place.firstAt(),
                        place.lastAt()))
                .iterator();
    }
}
