package io.datapunk.lake.postgres;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.datapunk.lake.postgres.ServerWorkload.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Tries on a server what a change would bring, on copies of some rows that nobody else sees: the server's tables, settings and
 * other sessions stay as they are. Each trial that takes longer than a minute is given up.
 */
public final class TuningTrials implements AutoCloseable {
    /** So many rows of a table are copied: enough for a search to matter, soon made. */
    private static final long SAMPLE_ROWS = 200_000;

    private static final int SEARCHES = 5;
    private static final String SAMPLE = "pg_temp.lake_trial";
    private static final JsonMapper JSON = new JsonMapper();

    private final PostgresConnection server;
    private final Connection connection;

    private TuningTrials(PostgresConnection server, Connection connection) {
        this.server = server;
        this.connection = connection;
    }

    /** @throws HotStoreUnavailableException where the server does not answer */
    public static TuningTrials open(PostgresConnection server) {
        Connection connection = server.open("lake advice");
        TuningTrials trials = new TuningTrials(server, connection);
        try {
            Statements.execute(connection, "SET statement_timeout = '60s'");
            Statements.execute(connection, "SET lock_timeout = '1s'");
            // Whether a process helps is not what is measured.
            Statements.execute(connection, "SET max_parallel_workers_per_gather = 0");
            return trials;
        } catch (SQLException e) {
            trials.close();
            throw new HotStoreUnavailableException(server.url(), e);
        }
    }

    /** How a column is searched. */
    public enum Search {
        EQUAL,
        RANGE,
        /** A part of a text. */
        PART,
        /** An element of an array, a part of a document. */
        CONTAINED
    }

    /** A column, and how it is searched. */
    public record SearchedColumn(String column, Search search) {}

    /**
     * What one run of a query took.
     *
     * @param pages of 8 KiB that it looked at, in memory or on disk
     * @param temporaryPages that it wrote for want of memory
     */
    public record Run(long pages, long temporaryPages, double milliseconds) {}

    /**
     * A query before and after a change; of several the middle one.
     *
     * @param rows that it had before it
     * @param addedBytes that the change takes for those rows
     */
    public record Trial(long rows, Run before, Run after, long addedBytes) {}

    /**
     * Searches a copy of some of a table's rows for values that are in it, with the table's indexes, then with one more.
     *
     * @param columns of the index; of several methods the first column's counts
     * @return empty where it could not be tried: another session holds the table, it takes too long, or nothing is there
     */
    public Optional<Trial> index(ServerWorkload.Table table, List<SearchedColumn> columns) {
        return tried(() -> {
            double percent = Math.min(100, 100.0 * SAMPLE_ROWS / Math.max(1, table.rows()));
            String name = table.name().sql();
            Statements.execute(connection, "CREATE TEMP TABLE lake_trial (LIKE " + name + " INCLUDING INDEXES)");
            long rows = Statements.update(
                    connection,
                    "INSERT INTO " + SAMPLE + " SELECT * FROM " + name + " TABLESAMPLE SYSTEM (" + percent + ")");
            Statements.execute(connection, "ANALYZE " + SAMPLE);
            List<String> searches = searches(columns);
            if (searches.isEmpty()) {
                return Optional.empty();
            }
            Run before = middle(searches);
            Statements.execute(connection, "CREATE INDEX lake_trial_index ON " + SAMPLE + " " + index(columns));
            Statements.execute(connection, "ANALYZE " + SAMPLE);
            return Optional.of(new Trial(
                    rows,
                    before,
                    middle(searches),
                    Statements.number(connection, "SELECT pg_relation_size('pg_temp.lake_trial_index')")));
        });
    }

    /**
     * Counts the rows of one day of a partitioned table by a column of times alone, and with the partition named.
     *
     * @param partition one that has rows
     */
    public Optional<Trial> pruning(
            TableName root, ServerWorkload.Table partition, String timeColumn, String partitionColumn) {
        return tried(() -> {
            String time = HotTable.quoted(timeColumn);
            String key = HotTable.quoted(partitionColumn);
            List<List<String>> found = rows("SELECT date_trunc('day', " + time + ", 'UTC')::text, " + key
                    + "::text FROM " + partition.name().sql() + " WHERE " + time + " IS NOT NULL LIMIT 1");
            if (found.isEmpty()) {
                return Optional.empty();
            }
            String day = HotTable.literal(found.get(0).get(0)) + "::timestamptz";
            String count = "SELECT count(*) FROM " + root.sql() + " WHERE " + time + " >= " + day + " AND " + time
                    + " < " + day + " + interval '1 day'";
            Run before = run(count);
            Run after = run(count + " AND " + key + " = "
                    + HotTable.literal(found.get(0).get(1)));
            return Optional.of(new Trial(partition.rows(), before, after, 0));
        });
    }

    /**
     * Sorts rows of a table in the memory that a session has, and in more.
     *
     * @param bytes of the rows
     * @param workMemory as {@code 64MB}
     */
    public Optional<Trial> sort(ServerWorkload.Table table, long bytes, String workMemory) {
        return tried(() -> {
            long rows = Math.max(1, Math.min(table.rows(), bytes * table.rows() / Math.max(1, table.bytes())));
            String sort = "SELECT * FROM (SELECT * FROM " + table.name().sql() + " LIMIT " + rows
                    + ") part ORDER BY hashtextextended(part::text, 0)";
            Run before = run(sort);
            Statements.execute(connection, "SET LOCAL work_mem = " + HotTable.literal(workMemory));
            return Optional.of(new Trial(rows, before, run(sort), 0));
        });
    }

    /** Conditions that each find rows of the copy. */
    private List<String> searches(List<SearchedColumn> columns) throws SQLException {
        String values = columns.stream().map(TuningTrials::value).collect(Collectors.joining(", "));
        String known = columns.stream()
                .map(column -> HotTable.quoted(column.column()) + " IS NOT NULL")
                .collect(Collectors.joining(" AND "));
        // In an order that has nothing to do with theirs, and is the same another time.
        List<List<String>> samples = rows("SELECT " + values + " FROM " + SAMPLE + " WHERE " + known
                + " ORDER BY md5(ctid::text) LIMIT " + SEARCHES);
        return samples.stream()
                .map(sample -> IntStream.range(0, columns.size())
                        .mapToObj(i -> condition(columns.get(i), sample.get(i)))
                        .collect(Collectors.joining(" AND ", "SELECT * FROM " + SAMPLE + " WHERE ", "")))
                .toList();
    }

    private static String value(SearchedColumn column) {
        String name = HotTable.quoted(column.column());
        // From the middle: beginnings as https:// are in all of them.
        return column.search() == Search.PART
                ? "substr(" + name + ", greatest(1, length(" + name + ") / 2 - 4), 8)"
                : name + "::text";
    }

    private static String condition(SearchedColumn column, String value) {
        String name = HotTable.quoted(column.column());
        String literal = HotTable.literal(value);
        return switch (column.search()) {
            case EQUAL -> name + " = " + literal;
            // A hundredth of the rows: how wide the queries' own ranges were is not kept.
            case RANGE ->
                name + " BETWEEN " + literal + " AND (SELECT max(next) FROM (SELECT " + name + " AS next FROM " + SAMPLE
                        + " WHERE " + name + " >= " + literal + " ORDER BY 1 LIMIT (SELECT count(*) / 100 FROM "
                        + SAMPLE
                        + ")) width)";
            case PART -> name + " LIKE " + HotTable.literal("%" + value.replaceAll("([%_\\\\])", "\\\\$1") + "%");
            case CONTAINED -> name + " @> " + literal;
        };
    }

    private String index(List<SearchedColumn> columns) throws SQLException {
        String names = HotTable.quotedNames(
                columns.stream().map(SearchedColumn::column).toList());
        return switch (columns.get(0).search()) {
            case EQUAL, RANGE -> "USING btree (" + names + ")";
            case CONTAINED -> "USING gin (" + names + ")";
            case PART -> "USING gin (" + names + " " + trigrams() + ".gin_trgm_ops)";
        };
    }

    private String trigrams() throws SQLException {
        return Statements.texts(connection, """
                SELECT quote_ident(nspname) FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
                 WHERE extname = 'pg_trgm'
                """).stream().findFirst().orElse("public");
    }

    private Run middle(List<String> queries) throws SQLException {
        List<Run> runs = new ArrayList<>();
        for (String query : queries) {
            // The first run fills the memory; what is measured is the search.
            run(query);
            runs.add(run(query));
        }
        return new Run(
                middle(runs, Run::pages),
                middle(runs, Run::temporaryPages),
                runs.stream().map(Run::milliseconds).sorted().toList().get(runs.size() / 2));
    }

    private static long middle(List<Run> runs, ToLongFunction<Run> figure) {
        return runs.stream()
                .sorted(Comparator.comparingLong(figure))
                .mapToLong(figure)
                .toArray()[runs.size() / 2];
    }

    private Run run(String query) throws SQLException {
        String explained = Statements.texts(connection, "EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) " + query)
                .get(0);
        try {
            JsonNode result = JSON.readTree(explained).get(0);
            JsonNode plan = result.get("Plan");
            return new Run(
                    pages(plan, "Shared Hit")
                            + pages(plan, "Shared Read")
                            + pages(plan, "Local Hit")
                            + pages(plan, "Local Read"),
                    pages(plan, "Temp Written"),
                    result.get("Execution Time").asDouble());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("PostgreSQL explains in JSON", e);
        }
    }

    private static long pages(JsonNode plan, String kind) {
        return plan.path(kind + " Blocks").asLong();
    }

    private List<List<String>> rows(String query) throws SQLException {
        List<List<String>> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query);
                ResultSet result = statement.executeQuery()) {
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    row.add(result.getString(i));
                }
                rows.add(row);
            }
        }
        return rows;
    }

    @FunctionalInterface
    private interface Attempt {
        Optional<Trial> run() throws SQLException;
    }

    /** Nothing of it stays. */
    private Optional<Trial> tried(Attempt attempt) {
        try {
            connection.setAutoCommit(false);
            try {
                return attempt.run();
            } catch (SQLException e) {
                if (SqlState.isUnreachable(e)) {
                    throw e;
                }
                return Optional.empty();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
        } catch (SQLException e) {
            throw new HotStoreUnavailableException(server.url(), e);
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
