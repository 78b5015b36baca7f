package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.VectorLayout.Hnsw;
import io.datapunk.lake.postgres.VectorLayout.IvfFlat;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** Builds the indexes of a full table, with the memory that it needs, as far as a server should be asked for it. */
final class VectorIndexBuild {
    // The server's own maintenance_work_mem is used where it is larger.
    private static final long MOST_MEMORY = 1L << 30;

    private final PostgresConnection server;
    private final VectorTable table;
    private final long rows;

    VectorIndexBuild(PostgresConnection server, VectorTable table, long rows) {
        this.server = server;
        this.table = table;
        this.rows = rows;
    }

    /** Returns what the server said. */
    List<String> run() {
        List<String> notices = new ArrayList<>();
        try (Connection connection = server.open("lake index " + table.leaf())) {
            Statements.texts(
                    connection,
                    "SELECT set_config('maintenance_work_mem', greatest(pg_size_bytes(current_setting("
                            + "'maintenance_work_mem')), ?) / 1024 || 'kB', false)",
                    Math.min(memory(table.layout(), rows), MOST_MEMORY));
            for (String index : table.indexes()) {
                notices.addAll(build(connection, index));
            }
            Statements.execute(connection, table.analyse());
            return notices;
        } catch (SQLException e) {
            if (SqlState.UNIQUE_VIOLATION.is(e)) {
                throw LakeException.failed(
                        "collection " + table.collection() + " cannot be published to PostgreSQL",
                        "two of its rows have the same id",
                        "run `lake vectors embed` again; its source's column of ids has to name each row once",
                        e);
            }
            if (SqlState.LIMIT_EXCEEDED.is(e)) {
                throw LakeException.failed(
                        "the indexes of " + table.collection() + " could not be built",
                        SqlState.message(e),
                        "raise maintenance_work_mem on the server, or give the collection fewer lists",
                        e);
            }
            throw new FencedTransactions(server, 0)
                    .failure("the indexes of " + table.collection() + " could not be built", e);
        }
    }

    private static List<String> build(Connection connection, String index) throws SQLException {
        try {
            return execute(connection, index);
        } catch (SQLException e) {
            // Processes that build together share memory, of which containers often have 64 MB.
            if (!SqlState.DISK_FULL.is(e) || !SqlState.message(e).contains("shared memory")) {
                throw e;
            }
            Statements.execute(connection, "SET max_parallel_maintenance_workers = 0");
            List<String> notices = new ArrayList<>(execute(connection, index));
            notices.add("the index was built by one process, because " + SqlState.message(e)
                    + "; give the server's container more shared memory");
            return notices;
        }
    }

    private static List<String> execute(Connection connection, String sql) throws SQLException {
        List<String> notices = new ArrayList<>();
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            for (SQLWarning notice = statement.getWarnings(); notice != null; notice = notice.getNextWarning()) {
                notices.add("PostgreSQL: " + SqlState.message(notice));
            }
        }
        return notices;
    }

    /**
     * What pgvector keeps in memory: of a graph every row with its vector and its links, of lists the sample that centres are
     * found by, 50 rows for each and 10,000 at least, and its distances to all of them. With some room, and never less than
     * PostgreSQL's default.
     */
    static long memory(VectorLayout layout, long rows) {
        long bytes = 0;
        if (layout.method() instanceof Hnsw hnsw) {
            bytes = rows * (layout.bytes() + 64L * hnsw.m() + 512);
        } else if (layout.method() instanceof IvfFlat ivf) {
            long lists = ivf.lists();
            long sample = Math.max(10_000, 50 * lists);
            bytes = sample * (layout.bytes() + 4 * lists + 64) + lists * (4 * lists + 4L * layout.bytes());
        }
        return Math.max(64 << 20, bytes);
    }
}
