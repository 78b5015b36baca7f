package io.datapunk.lake.postgres;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a server has been asked, and what it has to answer with: the queries that took most time with their plans, tables and
 * their indexes, as its statistics and its catalogue tell. Tables of the lake's own bookkeeping are left out.
 *
 * @param countedSince when its statistics began; empty where that is not known
 * @param queries empty where the server does not count them, or this user may not see them
 * @param unexplained queries whose plans the server does not tell: those of other schemas' search paths, or of utility commands
 * @param reads of all statements in this database
 * @param problems what could not be asked
 */
public record ServerWorkload(
        Optional<Instant> countedSince,
        List<Query> queries,
        int unexplained,
        List<Table> tables,
        List<Index> indexes,
        Reads reads,
        List<String> problems) {
    /** Those that took most time together. */
    private static final int MOST_QUERIES = 100;

    private static final int FIRST_WITH_GENERIC_PLANS = 16;

    /** Where a query had {@code date '2026-01-01'}, the server keeps {@code date $1}, which it does not take itself. */
    private static final Pattern TYPED_CONSTANT = Pattern.compile(
            "\\b(date|interval|(?:timestamptz|timetz|timestamp|time)(?: with(?:out)? time zone)?)\\s+\\$(\\d+)",
            Pattern.CASE_INSENSITIVE);

    private static final String SCHEMA_OF_COUNTERS =
            "SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace"
                    + " WHERE extname = 'pg_stat_statements'";

    // A query that ran once is no workload.
    private static final String QUERIES = """
            SELECT pg_get_userbyid(userid) AS role, query, calls, total_exec_time,
                   temp_blks_written * current_setting('block_size')::bigint AS temporary_bytes
              FROM %s.pg_stat_statements
             WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database())
               AND toplevel AND calls > 1 AND query ~* '^\\s*(SELECT|WITH|UPDATE|DELETE|INSERT|MERGE)\\M'
             ORDER BY total_exec_time DESC
             LIMIT ?
            """;

    private static final String USER_TABLES = """
            schema.nspname NOT IN ('pg_catalog', 'information_schema', 'lake', 'monitoring') AND schema.nspname !~ '^pg_t'
            """;

    private static final String TABLES = """
            SELECT schema.nspname AS schema, relation.relname AS name, root_schema.nspname AS root_schema,
                   root.relname AS root, greatest(relation.reltuples, 0)::bigint AS rows,
                   pg_relation_size(relation.oid) AS bytes,
                   coalesce(scans.seq_scan, 0) + coalesce(scans.idx_scan, 0) AS scans
              FROM pg_class relation
              JOIN pg_namespace schema ON schema.oid = relation.relnamespace
              JOIN pg_class root ON root.oid = coalesce(pg_partition_root(relation.oid), relation.oid)
              JOIN pg_namespace root_schema ON root_schema.oid = root.relnamespace
              LEFT JOIN pg_stat_user_tables scans ON scans.relid = relation.oid
             WHERE relation.relkind = 'r' AND relation.relpersistence <> 't' AND
            """ + USER_TABLES;

    private static final String INDEXES = """
            SELECT schema.nspname AS schema, relation.relname AS table, index.relname AS index,
                   quote_ident(top_schema.nspname) || '.' || quote_ident(top.relname) AS attached_to,
                   regexp_replace(pg_get_indexdef(definition.indexrelid), '^.*? USING ', '') AS definition,
                   method.amname AS method,
                   definition.indisunique OR EXISTS (SELECT FROM pg_constraint WHERE conindid = definition.indexrelid)
                       AS needed,
                   pg_get_expr(definition.indpred, definition.indrelid) AS predicate,
                   ARRAY(SELECT pg_get_indexdef(definition.indexrelid, place, true)
                                || ' ' || definition.indclass[place - 1] || ' ' || definition.indoption[place - 1]
                           FROM generate_series(1, definition.indnkeyatts) place ORDER BY place) AS keys,
                   ARRAY(SELECT pg_get_indexdef(definition.indexrelid, place, true)
                           FROM generate_series(definition.indnkeyatts + 1, definition.indnatts) place ORDER BY place)
                       AS included,
                   pg_relation_size(definition.indexrelid) AS bytes, coalesce(scans.idx_scan, 0) AS scans
              FROM pg_index definition
              JOIN pg_class index ON index.oid = definition.indexrelid
              JOIN pg_class relation ON relation.oid = definition.indrelid
              JOIN pg_namespace schema ON schema.oid = relation.relnamespace
              JOIN pg_am method ON method.oid = index.relam
              LEFT JOIN pg_stat_user_indexes scans ON scans.indexrelid = definition.indexrelid
              LEFT JOIN pg_class top
                     ON top.oid = pg_partition_root(definition.indexrelid) AND top.oid <> definition.indexrelid
              LEFT JOIN pg_namespace top_schema ON top_schema.oid = top.relnamespace
             WHERE index.relkind = 'i' AND definition.indisvalid AND relation.relpersistence <> 't' AND
            """ + USER_TABLES;

    private static final String COUNTED_SINCE = """
            SELECT coalesce(stats_reset, (SELECT min(installed_on) FROM lake.flyway_schema_history)::timestamptz)
              FROM pg_stat_database
             WHERE datname = current_database()
            """;

    private static final String READS = """
            SELECT blks_hit, blks_read, blk_read_time, active_time
              FROM pg_stat_database
             WHERE datname = current_database()
            """;

    /**
     * Where pages came from.
     *
     * @param pagesHit found in the server's memory
     * @param pagesRead that were not
     * @param readMs that statements waited for those; 0 where the server does not measure it
     * @param activeMs that statements took in all
     */
    public record Reads(long pagesHit, long pagesRead, double readMs, double activeMs) {
        /** Share of pages that were found; all of them where none was asked for. */
        public double cacheHits() {
            long pages = pagesHit + pagesRead;
            return pages == 0 ? 1 : (double) pagesHit / pages;
        }

        /** Share of the statements' time that they waited. */
        public double readShare() {
            return activeMs == 0 ? 0 : readMs / activeMs;
        }
    }

    /**
     * A query that ran more than once, without its values.
     *
     * @param role whose it is
     * @param temporaryBytes that all its calls wrote for want of memory
     * @param plan as {@code EXPLAIN (GENERIC_PLAN, VERBOSE, FORMAT JSON)} tells it; empty where the server does not
     */
    public record Query(
            String role, String query, long calls, double totalMs, long temporaryBytes, Optional<String> plan) {}

    /**
     * A table that has rows; a partitioned one consists of them.
     *
     * @param root the table that it is a partition of; itself where of none
     * @param rows as of its last analysis
     * @param scans sequential and by index
     */
    public record Table(TableName name, TableName root, long rows, long bytes, long scans) {}

    /** A name as it is, without quotes. */
    public record TableName(String schema, String name) {
        /** As SQL. */
        public String sql() {
            return HotTable.quoted(schema) + "." + HotTable.quoted(name);
        }

        @Override
        public String toString() {
            return schema + "." + name;
        }
    }

    /**
     * An index of one table.
     *
     * @param name as SQL
     * @param attachedTo name as SQL of the index of the partitioned table that it is a part of
     * @param definition from its method on, as {@code btree (kind)}
     * @param isNeeded whether it keeps rows apart, or a constraint is made of it
     * @param keys with their order and their operators, so that equal texts search alike
     * @param included columns that stand in it besides
     * @param predicate empty where all rows are in it
     */
    public record Index(
            TableName table,
            String name,
            Optional<String> attachedTo,
            String definition,
            String method,
            boolean isNeeded,
            List<String> keys,
            List<String> included,
            String predicate,
            long bytes,
            long scans) {}

    /** @throws HotStoreUnavailableException where the server cannot be asked */
    public static ServerWorkload read(PostgresConnection server) {
        // Parameters of the queries that are explained are none of the statement that explains them.
        try (Connection connection = server.withoutParameters().open("lake advice")) {
            List<String> problems = new ArrayList<>();
            List<Query> queries = queries(connection, problems);
            int all = queries.size();
            if (connection.getMetaData().getDatabaseMajorVersion() >= FIRST_WITH_GENERIC_PLANS) {
                queries = explained(connection, queries);
            } else if (all > 0) {
                problems.add("PostgreSQL tells the plan of a query without its values from version "
                        + FIRST_WITH_GENERIC_PLANS + " on: which indexes are missing is not known");
            }
            long explained =
                    queries.stream().filter(query -> query.plan().isPresent()).count();
            return new ServerWorkload(
                    countedSince(connection),
                    queries,
                    all - (int) explained,
                    tables(connection),
                    indexes(connection),
                    reads(connection),
                    problems);
        } catch (SQLException e) {
            throw new HotStoreUnavailableException(server.url(), e);
        }
    }

    private static Reads reads(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(READS);
                ResultSet row = query.executeQuery()) {
            row.next();
            return new Reads(row.getLong(1), row.getLong(2), row.getDouble(3), row.getDouble(4));
        }
    }

    private static Optional<Instant> countedSince(Connection connection) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(COUNTED_SINCE);
                ResultSet row = query.executeQuery()) {
            return row.next()
                    ? Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
                            .map(OffsetDateTime::toInstant)
                    : Optional.empty();
        } catch (SQLException e) {
            if (SqlState.UNDEFINED_TABLE.is(e)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static List<Query> queries(Connection connection, List<String> problems) throws SQLException {
        List<String> schema = Statements.texts(connection, SCHEMA_OF_COUNTERS);
        if (schema.isEmpty()) {
            problems.add("the server does not count its queries: preload pg_stat_statements, restart it, and"
                    + " CREATE EXTENSION pg_stat_statements");
            return List.of();
        }
        List<Query> queries = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(QUERIES.formatted(schema.get(0)))) {
            statement.setInt(1, MOST_QUERIES);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    queries.add(new Query(
                            rows.getString("role"),
                            rows.getString("query"),
                            rows.getLong("calls"),
                            rows.getDouble("total_exec_time"),
                            rows.getLong("temporary_bytes"),
                            Optional.empty()));
                }
            }
        } catch (SQLException e) {
            if (!SqlState.INSUFFICIENT_PRIVILEGE.is(e) && !SqlState.OBJECT_NOT_READY.is(e)) {
                throw e;
            }
            problems.add("the queries that the server counts cannot be read: " + SqlState.message(e));
        }
        return queries;
    }

    /** Explaining runs nothing. */
    private static List<Query> explained(Connection connection, List<Query> queries) {
        return queries.stream()
                .map(query -> new Query(
                        query.role(),
                        query.query(),
                        query.calls(),
                        query.totalMs(),
                        query.temporaryBytes(),
                        plan(connection, query.query())))
                .toList();
    }

    private static Optional<String> plan(Connection connection, String query) {
        try {
            return Statements.texts(
                            connection,
                            "EXPLAIN (GENERIC_PLAN, VERBOSE, FORMAT JSON) "
                                    + TYPED_CONSTANT.matcher(query).replaceAll("CAST(\\$$2 AS $1)"))
                    .stream()
                    .findFirst();
        } catch (SQLException e) {
            return Optional.empty();
        }
    }

    private static List<Table> tables(Connection connection) throws SQLException {
        List<Table> tables = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(TABLES);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                tables.add(new Table(
                        new TableName(rows.getString("schema"), rows.getString("name")),
                        new TableName(rows.getString("root_schema"), rows.getString("root")),
                        rows.getLong("rows"),
                        rows.getLong("bytes"),
                        rows.getLong("scans")));
            }
        }
        return tables;
    }

    private static List<Index> indexes(Connection connection) throws SQLException {
        List<Index> indexes = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(INDEXES);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                String predicate = rows.getString("predicate");
                indexes.add(new Index(
                        new TableName(rows.getString("schema"), rows.getString("table")),
                        new TableName(rows.getString("schema"), rows.getString("index")).sql(),
                        Optional.ofNullable(rows.getString("attached_to")),
                        rows.getString("definition"),
                        rows.getString("method"),
                        rows.getBoolean("needed"),
                        texts(rows, "keys"),
                        texts(rows, "included"),
                        predicate == null ? "" : predicate,
                        rows.getLong("bytes"),
                        rows.getLong("scans")));
            }
        }
        return indexes;
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        return List.of((String[]) row.getArray(column).getArray());
    }
}
