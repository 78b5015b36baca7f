package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import java.sql.Connection;
import java.sql.SQLException;

/** Transactions of one run on the hot store; a run that has been replaced by one of a higher epoch changes nothing. */
final class FencedTransactions {
    // Whoever reads a table queues behind one who waits to lock it, so the wait is short and is tried again: about a
    // minute in all.
    private static final String LOCK_TIMEOUT = "200ms";
    private static final int LOCK_ATTEMPTS = 60;
    private static final long PAUSE_MILLIS = 800;

    private final PostgresConnection server;
    private final long epoch;

    FencedTransactions(PostgresConnection server, long epoch) {
        this.server = server;
        this.epoch = epoch;
    }

    PostgresConnection server() {
        return server;
    }

    long epoch() {
        return epoch;
    }

    /** Makes this run the current one, unless a newer one was here. */
    void raiseFence() {
        run("the hot store could not be opened", connection -> {
            long current = Statements.number(
                    connection, "UPDATE lake.fence SET epoch = greatest(epoch, ?) RETURNING epoch", epoch);
            requireCurrent(current);
            return null;
        });
    }

    void requireCurrent(Connection connection) throws SQLException {
        requireCurrent(Statements.number(connection, "SELECT epoch FROM lake.fence FOR SHARE"));
    }

    private void requireCurrent(long current) {
        if (current > epoch) {
            throw LakeException.failed(
                    "this run may not change the hot store any more",
                    "run " + current + " has begun since, and this is run " + epoch,
                    "let that run finish; if the lake's home was made anew, give it a new database");
        }
    }

    interface Work<T> {
        T run(Connection connection) throws SQLException;
    }

    <T> T run(String problem, Work<T> work) {
        try {
            return attempt(work);
        } catch (SQLException e) {
            throw failure(problem, e);
        }
    }

    <T> T retryingOnLocks(String problem, Work<T> work) {
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(connection -> {
                    Statements.execute(connection, "SET LOCAL lock_timeout = '" + LOCK_TIMEOUT + "'");
                    return work.run(connection);
                });
            } catch (SQLException e) {
                // Between two attempts, readers that queued behind this one get through.
                if (!SqlState.LOCK_NOT_AVAILABLE.is(e) || attempt == LOCK_ATTEMPTS) {
                    throw failure(problem, e);
                }
                pause(problem, e);
            }
        }
    }

    private void pause(String problem, SQLException reason) {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw failure(problem, reason);
        }
    }

    private <T> T attempt(Work<T> work) throws SQLException {
        try (Connection connection = server.open("lake tiering")) {
            connection.setAutoCommit(false);
            T result = work.run(connection);
            connection.commit();
            return result;
        }
    }

    RuntimeException failure(String problem, SQLException e) {
        return SqlState.isUnreachable(e)
                ? new HotStoreUnavailableException(server.url(), e)
                : SqlState.failure(problem, e);
    }
}
