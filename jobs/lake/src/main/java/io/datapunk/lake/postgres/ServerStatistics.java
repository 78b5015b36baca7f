package io.datapunk.lake.postgres;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a server says of itself.
 *
 * @param databaseBytes size of the lake's database
 * @param blocksHit that were found in the server's memory since its statistics began
 * @param blocksRead that were not
 * @param connections clients that are connected
 * @param maxConnections that may be
 * @param longestTransaction of a client of the lake's database; zero where none is open, or none may be seen
 * @param longestQuery the same of a query that runs
 * @param replicationLag of the standby that is furthest behind; empty where there is none, or none may be seen
 */
public record ServerStatistics(
        long databaseBytes,
        long blocksHit,
        long blocksRead,
        long connections,
        long maxConnections,
        Duration longestTransaction,
        Duration longestQuery,
        Optional<Duration> replicationLag) {
    private static final String QUERY = """
            SELECT pg_database_size(current_database()),
                   blks_hit, blks_read,
                   (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'),
                   current_setting('max_connections')::bigint,
                   clients.longest_transaction, clients.longest_query,
                   (SELECT max(extract(epoch FROM coalesce(replay_lag, '0')))::float8 FROM pg_stat_replication)
              FROM pg_stat_database
             CROSS JOIN (
                   SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)), 0) AS longest_transaction,
                          coalesce(max(extract(epoch FROM clock_timestamp() - query_start))
                                   FILTER (WHERE state = 'active'), 0) AS longest_query
                     FROM pg_stat_activity
                    WHERE backend_type = 'client backend' AND datname = current_database()
                      AND pid <> pg_backend_pid()) clients
             WHERE datname = current_database()
            """;

    /** Share of blocks that were found in memory; empty where none was asked for. */
    public OptionalDouble cacheHits() {
        long blocks = blocksHit + blocksRead;
        return blocks == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) blocksHit / blocks);
    }

    /** @throws HotStoreUnavailableException where the server cannot be asked */
    public static ServerStatistics read(PostgresConnection server) {
        try (Connection connection = server.open("lake statistics");
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUERY)) {
            row.next();
            Double lag = row.getObject(8, Double.class);
            return new ServerStatistics(
                    row.getLong(1),
                    row.getLong(2),
                    row.getLong(3),
                    row.getLong(4),
                    row.getLong(5),
                    seconds(row.getDouble(6)),
                    seconds(row.getDouble(7)),
                    Optional.ofNullable(lag).map(ServerStatistics::seconds));
        } catch (SQLException e) {
            throw new HotStoreUnavailableException(server.url(), e);
        }
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.max(0, Math.round(seconds * 1000)));
    }
}
