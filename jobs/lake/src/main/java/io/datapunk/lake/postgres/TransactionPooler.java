package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.postgresql.PGConnection;

/**
 * Finds a pooler, such as PgBouncer, that gives a connection another server session for each transaction. Applications may
 * go through one. The lake's jobs may not: their locks and settings would be lost there, or reach somebody else.
 */
final class TransactionPooler {
    private TransactionPooler() {}

    /**
     * Does nothing where the connection is the server's own, or keeps its session.
     *
     * @throws LakeException where it changes sessions
     */
    static void refuse(PostgresConnection server, Connection connection) throws SQLException {
        int session = session(connection);
        // A pooler makes up the process that it names when a connection begins.
        if (connection.unwrap(PGConnection.class).getBackendPID() == session) {
            return;
        }
        try (Connection another = server.open("lake pooler check")) {
            another.setAutoCommit(false);
            // Its transaction keeps the session that is free, and so the first connection gets another one.
            if (session(another) == session || session(connection) != session) {
                throw LakeException.failed(
                        "the server at " + server.url() + " cannot be used by the lake's own jobs",
                        "a pooler in transaction mode stands before it, as PgBouncer with pool_mode = transaction: locks and"
                                + " settings of a session do not stay with whoever made them",
                        "name the server itself in lake.postgres.url, or a pool with pool_mode = session; applications may go"
                                + " through the other one");
            }
            another.rollback();
        }
    }

    private static int session(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SELECT pg_backend_pid()")) {
            found.next();
            return found.getInt(1);
        }
    }
}
