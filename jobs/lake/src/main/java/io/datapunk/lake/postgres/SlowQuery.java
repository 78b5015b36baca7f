package io.datapunk.lake.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A query that takes longer than a second on average, as {@code monitoring.slow_queries} has it. Times are in milliseconds.
 *
 * @param query without its values
 * @param cacheHitRatio share of blocks that were found in memory; empty where none was asked for
 */
public record SlowQuery(
        String query, long calls, double meanMs, double maxMs, double totalMs, OptionalDouble cacheHitRatio) {
    private static final String QUERY = """
            SELECT query, calls, mean_ms, max_ms, total_ms, cache_hit_ratio
              FROM monitoring.slow_queries
             ORDER BY total_ms DESC
             LIMIT 50
            """;

    /**
     * Those that took most time together.
     *
     * @return empty where the server does not count queries
     * @throws HotStoreUnavailableException where it cannot be asked
     */
    public static Optional<List<SlowQuery>> read(PostgresConnection server) {
        try (Connection connection = server.open("lake slow queries");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(QUERY)) {
            List<SlowQuery> queries = new ArrayList<>();
            while (rows.next()) {
                Double hits = rows.getObject(6, Double.class);
                queries.add(new SlowQuery(
                        rows.getString(1),
                        rows.getLong(2),
                        rows.getDouble(3),
                        rows.getDouble(4),
                        rows.getDouble(5),
                        hits == null ? OptionalDouble.empty() : OptionalDouble.of(hits)));
            }
            return Optional.of(queries);
        } catch (SQLException e) {
            if (SqlState.UNDEFINED_TABLE.is(e) || SqlState.INSUFFICIENT_PRIVILEGE.is(e)) {
                return Optional.empty();
            }
            throw new HotStoreUnavailableException(server.url(), e);
        }
    }
}
