package io.datapunk.lake.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;

/** Who is connected to a server, and how to end what one of them does. */
public final class ServerSessions {
    /** The lake's own connections begin their names so. */
    private static final String OURS = "lake ";

    private static final String LIST = """
            SELECT pid, backend_start, usename, application_name, state, state_change, query_start,
                   extract(epoch FROM clock_timestamp() - state_change) AS state_seconds,
                   extract(epoch FROM clock_timestamp() - query_start) AS query_seconds,
                   starts_with(application_name, ?) AS is_ours
              FROM pg_stat_activity
             WHERE backend_type = 'client backend' AND datname = current_database() AND pid <> pg_backend_pid()
               AND state IS NOT NULL AND usename IS NOT NULL
             ORDER BY pid
            """;

    // The condition is what was seen when it was decided: a session that has gone on since is another matter.
    private static final String TERMINATE_IDLE = """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE pid = ? AND backend_start = ? AND state = 'idle' AND state_change = ?
            """;

    private static final String CANCEL_QUERY = """
            SELECT pg_cancel_backend(pid) FROM pg_stat_activity
             WHERE pid = ? AND backend_start = ? AND state = 'active' AND query_start = ?
            """;

    private static final String TERMINATE_QUERY = """
            SELECT pg_terminate_backend(pid) FROM pg_stat_activity
             WHERE pid = ? AND backend_start = ? AND state = 'active' AND query_start = ?
            """;

    private final PostgresConnection server;

    public ServerSessions(PostgresConnection server) {
        this.server = server;
    }

    /**
     * A client of the lake's database, as it was seen.
     *
     * @param began when it connected: with the process, what names it
     * @param idle whether it does nothing, and has no transaction open
     * @param active whether a query of it runs
     * @param inState for how long it has been idle or active
     * @param queryBegan when its last query began
     * @param queryTime since then
     * @param ours whether it is a command of the lake
     */
    public record Session(
            int process,
            OffsetDateTime began,
            String role,
            String application,
            boolean idle,
            boolean active,
            OffsetDateTime stateSince,
            Duration inState,
            OffsetDateTime queryBegan,
            Duration queryTime,
            boolean ours) {}

    /**
     * Who is connected to the lake's database, without this connection; where the lake's user may not see what others do, its
     * own.
     *
     * @throws HotStoreUnavailableException where the server does not answer
     */
    public List<Session> list() {
        return run("who is connected could not be read", connection -> {
            List<Session> sessions = new ArrayList<>();
            try (PreparedStatement list = connection.prepareStatement(LIST)) {
                list.setString(1, OURS);
                try (ResultSet rows = list.executeQuery()) {
                    while (rows.next()) {
                        sessions.add(session(rows));
                    }
                }
            }
            return sessions;
        });
    }

    private static Session session(ResultSet row) throws SQLException {
        String state = row.getString("state");
        return new Session(
                row.getInt("pid"),
                row.getObject("backend_start", OffsetDateTime.class),
                row.getString("usename"),
                row.getString("application_name"),
                state.equals("idle"),
                state.equals("active"),
                row.getObject("state_change", OffsetDateTime.class),
                seconds(row.getDouble("state_seconds")),
                row.getObject("query_start", OffsetDateTime.class),
                seconds(row.getDouble("query_seconds")),
                row.getBoolean("is_ours"));
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.max(0, Math.round(seconds * 1000)));
    }

    /** Ends a session that is still idle since then; false where it has gone on, or gone. */
    public boolean terminateIdle(Session session) {
        return signal(TERMINATE_IDLE, session, session.stateSince());
    }

    /** Cancels the query if it still runs; its session lives on. False where it has ended. */
    public boolean cancelQuery(Session session) {
        return signal(CANCEL_QUERY, session, session.queryBegan());
    }

    /** Ends the session if the same query still runs in it. False where it has ended. */
    public boolean terminateQuery(Session session) {
        return signal(TERMINATE_QUERY, session, session.queryBegan());
    }

    private boolean signal(String sql, Session session, OffsetDateTime since) {
        return run("the session of process " + session.process() + " could not be ended", connection -> {
            try (PreparedStatement signal = connection.prepareStatement(sql)) {
                signal.setInt(1, session.process());
                signal.setObject(2, session.began());
                signal.setObject(3, since);
                try (ResultSet rows = signal.executeQuery()) {
                    return rows.next() && rows.getBoolean(1);
                }
            }
        });
    }

    @FunctionalInterface
    private interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private <T> T run(String problem, Work<T> work) {
        try (Connection connection = server.open("lake remediation")) {
            return work.on(connection);
        } catch (SQLException e) {
            if (SqlState.isUnreachable(e)) {
                throw new HotStoreUnavailableException(server.url(), e);
            }
            throw SqlState.failure(problem, e);
        }
    }
}
