package io.datapunk.lake.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalDouble;

/**
 * What a server says of itself.
 *
 * @param databaseBytes size of the lake's database
 * @param cacheHits share of blocks that were found in the server's memory since its statistics began; empty where none was read
 * @param connections clients that are connected
 * @param maxConnections that may be
 */
public record ServerStatistics(long databaseBytes, OptionalDouble cacheHits, long connections, long maxConnections) {
    private static final String QUERY = """
            SELECT pg_database_size(current_database()),
                   (SELECT sum(blks_hit)::float8 / nullif(sum(blks_hit + blks_read), 0)
                      FROM pg_stat_database WHERE datname = current_database()),
                   (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
                   current_setting('max_connections')::bigint
            """;

    /** @throws HotStoreUnavailableException where the server cannot be asked */
    public static ServerStatistics read(PostgresConnection server) {
        try (Connection connection = server.open("lake forecast");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            double hits = row.getDouble(2);
            return new ServerStatistics(
                    row.getLong(1),
                    row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(hits),
                    row.getLong(3),
                    row.getLong(4));
        } catch (SQLException e) {
            throw new HotStoreUnavailableException(server.url(), e);
        }
    }
}
