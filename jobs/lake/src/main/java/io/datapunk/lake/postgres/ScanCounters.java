package io.datapunk.lake.postgres;

import io.datapunk.lake.model.PartitionName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How often the leaves that are served were scanned, as PostgreSQL counts it. */
public final class ScanCounters {
    private static final int FIRST_WITH_TIMES = 16;

    // The timeline: a standby that is promoted has counters of its own under the same system identifier. A month that
    // is
    // split by user: who names a user scans one of its tables by index, who reads the whole month scans each of them
    // once.
    private static final String QUERY = """
            SELECT system.system_identifier || '/' || checkpoint.timeline_id || '/' || leaf.oid AS identity,
                   served.dataset, served.partition,
                   max(coalesce(scans.seq_scan, 0)) + sum(coalesce(scans.idx_scan, 0)) AS scans,
                   max(%s) AS last_scan
              FROM lake.served
              JOIN pg_class leaf
                     ON leaf.relname = served.leaf
                    AND leaf.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = 'lake_hot')
              JOIN pg_inherits link ON link.inhrelid = leaf.oid AND NOT link.inhdetachpending
              LEFT JOIN pg_inherits part ON part.inhparent = leaf.oid
              JOIN pg_stat_user_tables scans ON scans.relid = coalesce(part.inhrelid, leaf.oid)
             CROSS JOIN pg_control_system() system
             CROSS JOIN pg_control_checkpoint() checkpoint
             WHERE served.state = 'SERVING'
             GROUP BY identity, served.dataset, served.partition
             ORDER BY served.dataset, served.partition
            """;

    private ScanCounters() {}

    /**
     * One leaf's counter.
     *
     * @param identity server, timeline and leaf: another one has another counter
     * @param scans sequential and by index, since the counter began; it begins again after a crash
     * @param lastScan empty where the server does not tell (before version 16) or nobody has scanned it
     */
    public record Counter(String identity, PartitionName partition, long scans, Optional<Instant> lastScan) {}

    /**
     * Reads the counters, none where the lake never used this database.
     *
     * @param timeout how long the server may take to connect and to answer
     * @throws HotStoreUnavailableException where it does not
     */
    public static List<Counter> read(PostgresConnection server, Duration timeout) {
        try (Connection connection = server.open("lake heat", timeout, timeout)) {
            return read(connection);
        } catch (SQLException e) {
            if (SqlState.isUnreachable(e)) {
                throw new HotStoreUnavailableException(server.url(), e);
            }
            if (SqlState.UNDEFINED_TABLE.is(e)) {
                return List.of();
            }
            throw SqlState.failure("the counters of the hot store at " + server.url() + " could not be read", e);
        }
    }

    private static List<Counter> read(Connection connection) throws SQLException {
        String lastScan = connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_TIMES
                ? "greatest(scans.last_seq_scan, scans.last_idx_scan)"
                : "NULL::timestamptz";
        List<Counter> counters = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(QUERY.formatted(lastScan));
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                counters.add(new Counter(
                        rows.getString("identity"),
                        ServedPartitions.partition(rows.getString("dataset"), rows.getString("partition")),
                        rows.getLong("scans"),
                        Optional.ofNullable(rows.getObject("last_scan", OffsetDateTime.class))
                                .map(OffsetDateTime::toInstant)));
            }
        }
        return counters;
    }
}
