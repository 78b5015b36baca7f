package io.datapunk.lake.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares what an index finds with what comparing everything finds, for some rows of the table itself; a row is no
 * neighbour of its own. Whatever is as near as the last true neighbour counts as one.
 */
final class RecallMeasurement {
    private final PostgresConnection server;
    private final VectorTable table;
    private final String others;

    RecallMeasurement(PostgresConnection server, VectorTable table) {
        this.server = server;
        this.table = table;
        this.others = "SELECT " + table.distance() + " AS distance FROM " + table.relation()
                + " WHERE id <> ? ORDER BY distance LIMIT ?";
    }

    /** The true neighbours of a row: how many, and the distance of the last. */
    private record Truth(String id, long neighbours, double radius) {}

    MeasuredRecall run(int sample, int neighbours) {
        try (Connection connection = server.open("lake recall " + table.leaf())) {
            connection.setAutoCommit(false);
            // Compiling takes longer than what it would save.
            Statements.execute(connection, "SET jit = off");
            List<Truth> truths = truths(connection, sample, neighbours);
            long expected = truths.stream().mapToLong(Truth::neighbours).sum();
            long begin = System.nanoTime();
            long found = found(connection, truths, neighbours);
            double milliseconds = (System.nanoTime() - begin) / 1e6;
            return new MeasuredRecall(
                    expected == 0 ? 1 : (double) found / expected,
                    truths.size(),
                    neighbours,
                    truths.isEmpty() ? 0 : milliseconds / truths.size());
        } catch (SQLException e) {
            throw new FencedTransactions(server, 0)
                    .failure("the recall of " + table.collection() + " could not be measured", e);
        }
    }

    private List<Truth> truths(Connection connection, int sample, int neighbours) throws SQLException {
        Statements.execute(connection, "SET LOCAL enable_indexscan = off");
        List<Truth> truths = new ArrayList<>();
        // Whatever the ids are: the same rows each time, and none preferred.
        List<String> ids = Statements.texts(
                connection, "SELECT id FROM " + table.relation() + " ORDER BY md5(id) LIMIT ?", sample);
        try (PreparedStatement query =
                connection.prepareStatement("SELECT count(*), max(distance) FROM (" + others + ") AS nearest")) {
            for (String id : ids) {
                bind(query, id, neighbours);
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    truths.add(new Truth(id, row.getLong(1), row.getDouble(2)));
                }
            }
        }
        connection.commit();
        return truths;
    }

    private long found(Connection connection, List<Truth> truths, int neighbours) throws SQLException {
        String setting = table.layout().searchSetting();
        if (!setting.isEmpty()) {
            Statements.execute(connection, "SET LOCAL " + setting);
        }
        // A small table would be read as a whole.
        Statements.execute(connection, "SET LOCAL enable_seqscan = off");
        Statements.execute(connection, "SET LOCAL enable_sort = off");
        long found = 0;
        try (PreparedStatement query =
                connection.prepareStatement("SELECT count(*) FROM (" + others + ") AS nearest WHERE distance <= ?")) {
            for (Truth truth : truths) {
                bind(query, truth.id(), neighbours);
                query.setDouble(4, truth.radius());
                try (ResultSet row = query.executeQuery()) {
                    row.next();
                    found += row.getLong(1);
                }
            }
        }
        connection.rollback();
        return found;
    }

    private static void bind(PreparedStatement query, String id, int neighbours) throws SQLException {
        query.setString(1, id);
        query.setString(2, id);
        query.setInt(3, neighbours);
    }
}
