package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Vacuums, analyses and indexes anew the tables of a server's database that this user may, one at a time, so that a table
 * that is locked or takes too long keeps no other from its turn.
 */
public final class TableUpkeep implements AutoCloseable {
    /** Tables and indexes below this are as good as empty. */
    private static final long SMALL_BYTES = 1L << 20;

    /** A table whose oldest row is this many transactions old is frozen whether it was written or not. */
    private static final long FREEZE_AGE = 50_000_000;

    private static final int FIRST_WITH_ANALYZE_ONLY = 18;

    private static final String LOCKED_SOON = "SET lock_timeout = '1 s'";

    // What it says of sizes is an estimate: to measure one waits for whoever has locked the table.
    private static final String TABLES = """
            SELECT format('%I.%I', space.nspname, class.relname) AS name,
                   class.relpages::bigint * current_setting('block_size')::bigint AS heap_bytes,
                   coalesce(scans.n_live_tup, 0) AS live_rows,
                   coalesce(scans.n_dead_tup, 0) AS dead_rows,
                   coalesce(scans.n_ins_since_vacuum, 0) AS new_rows,
                   coalesce(scans.n_mod_since_analyze, 0) AS changed_rows,
                   greatest(scans.last_vacuum, scans.last_autovacuum) IS NOT NULL AS was_vacuumed,
                   greatest(scans.last_analyze, scans.last_autoanalyze) IS NOT NULL AS was_analyzed,
                   CASE WHEN class.relkind = 'p' THEN 0 ELSE age(class.relfrozenxid) END AS age,
                   class.relkind = 'p' AS is_parent,
                   space.nspname = 'pg_catalog' AS is_catalog,
                   (SELECT format('%I.%I', above.nspname, parent.relname)
                      FROM pg_inherits link
                      JOIN pg_class parent ON parent.oid = link.inhparent
                      JOIN pg_namespace above ON above.oid = parent.relnamespace
                     WHERE link.inhrelid = class.oid AND class.relispartition) AS parent
              FROM pg_class class
              JOIN pg_namespace space ON space.oid = class.relnamespace
              LEFT JOIN pg_stat_all_tables scans ON scans.relid = class.oid
             WHERE class.relkind IN ('r', 'm', 'p') AND class.relpersistence <> 't' AND NOT class.relisshared
               AND space.nspname <> 'information_schema' AND space.nspname !~ '^pg_(toast|temp)'
               AND pg_has_role(class.relowner, 'USAGE') AND (?::text IS NULL OR class.oid = to_regclass(?))
             ORDER BY name
            """;

    private static final String BLOAT =
            "SELECT (approx_free_percent + dead_tuple_percent) / 100 FROM pgstattuple_approx(?::regclass)";

    private static final String MOST_READ = """
            SELECT format('%I.%I', reads.schemaname, reads.relname)
              FROM pg_statio_user_tables reads
              JOIN pg_class class ON class.oid = reads.relid
             WHERE pg_has_role(class.relowner, 'USAGE') AND heap_blks_read > 0
             ORDER BY heap_blks_read + coalesce(idx_blks_read, 0) DESC, 1
             LIMIT ?
            """;

    private static final String INDEXES = """
            SELECT format('%I.%I', space.nspname, class.relname)
              FROM pg_index index
              JOIN pg_class class ON class.oid = index.indexrelid
              JOIN pg_class indexed ON indexed.oid = index.indrelid
              JOIN pg_namespace space ON space.oid = class.relnamespace
              JOIN pg_am method ON method.oid = class.relam
             WHERE class.relkind = 'i' AND method.amname = 'btree' AND index.indisvalid AND NOT index.indisexclusion
               AND class.relpersistence <> 't' AND space.nspname !~ '^pg_' AND space.nspname <> 'information_schema'
               AND pg_has_role(class.relowner, 'USAGE')
               AND class.relpages::bigint * current_setting('block_size')::bigint >= ?
             ORDER BY 1
            """;

    // Names that REINDEX CONCURRENTLY gives; not where one is at work.
    private static final String LEFTOVERS = """
            SELECT format('%I.%I', space.nspname, class.relname)
              FROM pg_index index
              JOIN pg_class class ON class.oid = index.indexrelid
              JOIN pg_namespace space ON space.oid = class.relnamespace
             WHERE NOT index.indisvalid AND class.relkind = 'i' AND class.relname ~ '_cc(new|old)[0-9]*$'
               AND pg_has_role(class.relowner, 'USAGE')
               AND NOT EXISTS (SELECT FROM pg_stat_progress_create_index work WHERE work.relid = index.indrelid)
             ORDER BY 1
            """;

    private final PostgresConnection server;
    private final Connection connection;
    private boolean measuresBloat;
    private boolean analyzesParentsAlone;

    private TableUpkeep(PostgresConnection server, Connection connection) {
        this.server = server;
        this.connection = connection;
    }

    /**
     * Connects.
     *
     * @param timeout for each table or index
     * @throws HotStoreUnavailableException where the server does not answer
     */
    public static TableUpkeep open(PostgresConnection server, Duration timeout) {
        TableUpkeep upkeep = new TableUpkeep(server, server.open("lake maintenance"));
        try {
            upkeep.prepare(timeout);
            return upkeep;
        } catch (RuntimeException e) {
            upkeep.close();
            throw e;
        }
    }

    private void prepare(Duration timeout) {
        explained("PostgreSQL could not be maintained", () -> {
            Statements.execute(connection, "SET statement_timeout = " + timeout.toMillis());
            Statements.execute(connection, LOCKED_SOON);
            // As conf/postgres/server.conf has it for such sessions. [000]
            Statements.execute(connection, "SET work_mem = '64MB'");
            measuresBloat = Statements.number(connection, """
                    SELECT count(*) FROM pg_extension
                     WHERE extname = 'pgstattuple' AND pg_has_role(current_user, 'pg_stat_scan_tables', 'USAGE')
                    """) == 1;
            analyzesParentsAlone = connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_ANALYZE_ONLY;
            return null;
        });
    }

    /**
     * A table at one moment.
     *
     * @param bytes with its indexes
     * @param deadRows that no reader sees any more, as the server counts them
     * @param changedRows since its statistics were made
     * @param age transactions since its oldest row that is not frozen
     * @param bloat share of its pages that is free or dead; measured where pgstattuple is there, else estimated from dead rows
     */
    public record TableState(String table, long bytes, long deadRows, long changedRows, long age, double bloat) {}

    /**
     * An index at one moment.
     *
     * @param density how full its leaves are; empty where that is not known
     */
    public record IndexState(String index, long bytes, OptionalDouble density) {}

    /**
     * What became of one table or index.
     *
     * @param after empty in a dry run, where it failed, or where it was locked and left for the next run
     * @param problem where it failed
     */
    public record Kept<T>(T before, Optional<T> after, boolean wasLocked, Optional<LakeException> problem) {
        /** The same, after something else was done as well. */
        public Kept<T> withAfter(Optional<T> later) {
            return new Kept<>(before, later, wasLocked, problem);
        }

        private static <T> Kept<T> found(T before) {
            return new Kept<>(before, Optional.empty(), false, Optional.empty());
        }

        private static <T> Kept<T> locked(T before) {
            return new Kept<>(before, Optional.empty(), true, Optional.empty());
        }

        private static <T> Kept<T> done(T before, Optional<T> after) {
            return new Kept<>(before, after, false, Optional.empty());
        }

        private static <T> Kept<T> failed(T before, LakeException problem) {
            return new Kept<>(before, Optional.empty(), false, Optional.of(problem));
        }
    }

    /**
     * Frees the space of dead rows, freezes old ones, and analyses. Tables that nobody has written since are passed over.
     *
     * @param workers for the indexes of one table
     */
    public List<Kept<TableState>> vacuum(int workers, boolean dryRun) {
        return tables(
                row -> !row.isParent && !row.isCatalog && row.needsVacuum(),
                row -> "VACUUM (FREEZE, ANALYZE, SKIP_LOCKED, PARALLEL " + workers + ") " + row.name,
                dryRun);
    }

    /** Brings statistics up to date: of tables that were written, of what they are partitions of, and of the catalogue. */
    public List<Kept<TableState>> analyze(boolean dryRun) {
        Set<String> written = rows(null).stream()
                .filter(TableRow::needsAnalysis)
                .flatMap(row -> row.parent.stream())
                .collect(Collectors.toSet());
        return tables(
                row -> row.isParent ? written.contains(row.name) || !row.wasAnalyzed : row.needsAnalysis(),
                row -> (row.isParent && analyzesParentsAlone ? "ANALYZE (SKIP_LOCKED) ONLY " : "ANALYZE (SKIP_LOCKED) ")
                        + row.name,
                dryRun);
    }

    /** A table as it is now; empty where it is gone. */
    public Optional<TableState> state(String table) {
        return explained("the table " + table + " could not be measured", () -> {
            List<TableRow> now = rows(table);
            return now.isEmpty() ? Optional.empty() : Optional.of(measured(now.get(0)));
        });
    }

    /** The tables that were read most from disk. */
    public List<String> mostRead(int limit) {
        return explained(
                "the tables that are read most could not be listed",
                () -> Statements.texts(connection, MOST_READ, limit));
    }

    /** Brings one table's statistics up to date. */
    public void analyze(String table) {
        explained("the statistics of " + table + " could not be made", () -> {
            Statements.execute(connection, "ANALYZE (SKIP_LOCKED) " + table);
            return null;
        });
    }

    /**
     * Builds B-trees anew beside their readers and writers that have become loose; where looseness cannot be measured, all of
     * some size. What an earlier attempt has left is removed.
     *
     * @param density of the leaves, below which an index is built anew
     */
    public List<Kept<IndexState>> reindex(double density, boolean dryRun) {
        if (!dryRun) {
            dropLeftovers();
        }
        List<IndexState> loose = indexes().stream()
                .filter(index -> index.density().orElse(0) < density)
                .toList();
        return loose.stream()
                .map(index -> dryRun ? Kept.found(index) : reindex(index))
                .toList();
    }

    private Kept<IndexState> reindex(IndexState index) {
        try {
            return explained("the index " + index.index() + " could not be built anew", () -> {
                // It waits for everybody who had the table open before it, as long as the timeout allows.
                Statements.execute(connection, "SET lock_timeout = 0");
                try {
                    Statements.execute(connection, "REINDEX INDEX CONCURRENTLY " + index.index());
                } finally {
                    Statements.execute(connection, LOCKED_SOON);
                }
                return Kept.done(index, Optional.of(index(index.index())));
            });
        } catch (LakeException e) {
            return Kept.failed(index, e);
        }
    }

    private void dropLeftovers() {
        explained("indexes that were not finished could not be removed", () -> {
            for (String leftover : Statements.texts(connection, LEFTOVERS)) {
                Statements.execute(connection, "DROP INDEX CONCURRENTLY IF EXISTS " + leftover);
            }
            return null;
        });
    }

    private List<IndexState> indexes() {
        return explained("the indexes could not be listed", () -> Statements.texts(connection, INDEXES, SMALL_BYTES))
                .stream()
                .map(this::index)
                .toList();
    }

    private IndexState index(String name) {
        return explained(
                "the index " + name + " could not be measured",
                () -> new IndexState(
                        name,
                        Statements.number(connection, "SELECT pg_relation_size(to_regclass(?))", name),
                        density(name)));
    }

    private OptionalDouble density(String index) throws SQLException {
        return measuresBloat
                ? number("SELECT avg_leaf_density / 100 FROM pgstatindex(?::regclass)", index)
                : OptionalDouble.empty();
    }

    /** A table as the catalogue tells it, without looking at the table itself. */
    private record TableRow(
            String name,
            long heapBytes,
            long liveRows,
            long deadRows,
            long newRows,
            long changedRows,
            long age,
            boolean wasVacuumed,
            boolean wasAnalyzed,
            boolean isParent,
            boolean isCatalog,
            Optional<String> parent) {
        private boolean needsVacuum() {
            return !wasVacuumed || deadRows > 0 || newRows > 0 || age > FREEZE_AGE;
        }

        private boolean needsAnalysis() {
            return !wasAnalyzed || changedRows > 0;
        }

        private TableState estimate() {
            long rows = liveRows + deadRows;
            return state(heapBytes, rows == 0 ? 0 : (double) deadRows / rows);
        }

        private TableState state(long bytes, double bloat) {
            return new TableState(name, bytes, deadRows, changedRows, age, bloat);
        }
    }

    private List<Kept<TableState>> tables(
            Predicate<TableRow> wanted, Function<TableRow, String> command, boolean dryRun) {
        return rows(null).stream()
                .filter(wanted)
                .map(row -> table(row, command.apply(row), dryRun))
                .toList();
    }

    /** Each for itself: one that fails keeps no other from its turn. */
    private Kept<TableState> table(TableRow row, String command, boolean dryRun) {
        try {
            return explained("the table " + row.name + " could not be maintained", () -> {
                try {
                    TableState before = measured(row);
                    if (dryRun) {
                        return Kept.found(before);
                    }
                    if (!isDone(command)) {
                        return Kept.locked(before);
                    }
                    return Kept.done(before, state(row.name));
                } catch (SQLException e) {
                    if (SqlState.LOCK_NOT_AVAILABLE.is(e)) {
                        return Kept.locked(row.estimate());
                    }
                    throw e;
                }
            });
        } catch (LakeException e) {
            return Kept.failed(row.estimate(), e);
        }
    }

    /** False where the table was locked, which the server only warns of. */
    private boolean isDone(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
            for (SQLWarning warning = statement.getWarnings(); warning != null; warning = warning.getNextWarning()) {
                if (SqlState.LOCK_NOT_AVAILABLE.is(warning)) {
                    return false;
                }
            }
            return true;
        }
    }

    private TableState measured(TableRow row) throws SQLException {
        double estimated = row.estimate().bloat();
        boolean isWorthIt = measuresBloat && !row.isCatalog && !row.isParent && row.heapBytes >= SMALL_BYTES;
        return row.state(
                Statements.number(connection, "SELECT pg_total_relation_size(to_regclass(?))", row.name),
                isWorthIt ? number(BLOAT, row.name).orElse(estimated) : estimated);
    }

    /** @param table null for all */
    private List<TableRow> rows(String table) {
        return explained("the tables could not be listed", () -> {
            List<TableRow> tables = new ArrayList<>();
            try (PreparedStatement list = connection.prepareStatement(TABLES)) {
                list.setString(1, table);
                list.setString(2, table);
                try (ResultSet rows = list.executeQuery()) {
                    while (rows.next()) {
                        tables.add(row(rows));
                    }
                }
            }
            return tables;
        });
    }

    private static TableRow row(ResultSet row) throws SQLException {
        return new TableRow(
                row.getString("name"),
                row.getLong("heap_bytes"),
                row.getLong("live_rows"),
                row.getLong("dead_rows"),
                row.getLong("new_rows"),
                row.getLong("changed_rows"),
                row.getLong("age"),
                row.getBoolean("was_vacuumed"),
                row.getBoolean("was_analyzed"),
                row.getBoolean("is_parent"),
                row.getBoolean("is_catalog"),
                Optional.ofNullable(row.getString("parent")));
    }

    private OptionalDouble number(String sql, String parameter) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(sql)) {
            query.setString(1, parameter);
            try (ResultSet row = query.executeQuery()) {
                row.next();
                double number = row.getDouble(1);
                return row.wasNull() || Double.isNaN(number) ? OptionalDouble.empty() : OptionalDouble.of(number);
            }
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T run() throws SQLException;
    }

    private <T> T explained(String problem, Work<T> work) {
        try {
            return work.run();
        } catch (SQLException e) {
            if (SqlState.isUnreachable(e)) {
                throw new HotStoreUnavailableException(server.url(), e);
            }
            throw SqlState.failure(problem, e);
        }
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            throw SqlState.failure("the connection to PostgreSQL could not be closed", e);
        }
    }
}
