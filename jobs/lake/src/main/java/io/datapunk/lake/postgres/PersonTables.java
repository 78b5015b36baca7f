package io.datapunk.lake.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What PostgreSQL holds of a person, in whatever table of the database has a column {@code user_id} of texts: copies that are
 * served, were retired or wait to be, what applications wrote, who may read what; and its removal.
 */
public final class PersonTables {
    // Partitioned tables hold nothing themselves. Those of others the lake may not change.
    private static final String TABLES = """
            SELECT format('%I.%I', schema.nspname, relation.relname)
              FROM pg_class relation
              JOIN pg_namespace schema ON schema.oid = relation.relnamespace
              JOIN pg_attribute attribute ON attribute.attrelid = relation.oid
             WHERE relation.relkind = 'r' AND relation.relpersistence <> 't'
               AND schema.nspname NOT IN ('pg_catalog', 'information_schema')
               AND attribute.attname = 'user_id' AND NOT attribute.attisdropped
               AND attribute.atttypid IN ('text'::regtype, 'varchar'::regtype)
               AND pg_has_role(relation.relowner, 'MEMBER')
             ORDER BY 1
            """;

    private static final String LEAF_ROWS = """
            UPDATE lake.served SET rows = greatest(0, rows - ?), checksum = NULL
             WHERE leaf IN (SELECT relname FROM pg_class WHERE oid = ?::regclass
                             UNION SELECT parent.relname FROM pg_inherits
                              JOIN pg_class parent ON parent.oid = inhparent WHERE inhrelid = ?::regclass)
            """;

    private final FencedTransactions transactions;

    PersonTables(FencedTransactions transactions) {
        this.transactions = transactions;
    }

    /** For looking alone. */
    public static PersonTables reading(PostgresConnection server) {
        return new PersonTables(new FencedTransactions(server, 0));
    }

    /** The tables that have rows of the person, with their number. */
    public Map<String, Long> find(String userId) {
        return transactions.run("what PostgreSQL holds of a person could not be found", connection -> {
            Map<String, Long> found = new TreeMap<>();
            for (String table : Statements.texts(connection, TABLES)) {
                long rows =
                        Statements.number(connection, "SELECT count(*) FROM " + table + " WHERE user_id = ?", userId);
                if (rows > 0) {
                    found.put(table, rows);
                }
            }
            return found;
        });
    }

    /**
     * Removes his rows, without telling Delta, and writes the tables anew: nothing of them is left in their files or indexes.
     * Outboxes are always written anew, for what they held is not in them any more.
     *
     * @param found as {@link #find} tells
     */
    public void remove(Map<String, Long> found, String userId) {
        for (String table : found.keySet()) {
            transactions.retryingOnLocks("rows of a person could not be removed from " + table, connection -> {
                transactions.requireCurrent(connection);
                // They refuse writes, or tell Delta of them.
                Statements.execute(connection, "ALTER TABLE " + table + " DISABLE TRIGGER USER");
                int rows = Statements.update(connection, "DELETE FROM " + table + " WHERE user_id = ?", userId);
                Statements.execute(connection, "ALTER TABLE " + table + " ENABLE TRIGGER USER");
                return Statements.update(connection, LEAF_ROWS, rows, table, table);
            });
        }
        List<String> rewritten = new ArrayList<>(found.keySet());
        transactions
                .run(
                        "the outboxes could not be listed",
                        connection -> Statements.texts(
                                connection,
                                "SELECT format('%I.%I', schemaname, tablename) FROM pg_tables"
                                        + " WHERE schemaname = 'lake_outbox' ORDER BY 1"))
                .stream()
                .filter(outbox -> !found.containsKey(outbox))
                .forEach(rewritten::add);
        rewritten.forEach(this::rewrite);
    }

    /** With its indexes, and with statistics that quote no value of his. */
    private void rewrite(String table) {
        try (Connection connection = transactions.server().open("lake erasure")) {
            Statements.execute(connection, "VACUUM (FULL, ANALYZE) " + table);
        } catch (SQLException e) {
            throw transactions.failure("the table " + table + " could not be written anew", e);
        }
    }

    /**
     * Lets the server part with what its catalogs, its log of changes and the archive of that hold of rows that were removed.
     *
     * @param archive that the lake keeps of the log
     * @return what it did not do, because the configured user may not ask for it
     */
    public List<String> forget(Optional<WalArchive> archive) {
        List<String> left = new ArrayList<>();
        attempt("VACUUM (FULL) pg_catalog.pg_statistic", left);
        // The one that is written now ends, and those before the second checkpoint are not needed any more.
        attempt("CHECKPOINT", left);
        attempt("SELECT pg_switch_wal()", left);
        attempt("CHECKPOINT", left);
        try (Connection connection = transactions.server().open("lake erasure")) {
            if (isOn(connection, "wal_recycle")) {
                left.add(
                        "wal_recycle is on: files of the log of changes are used again, and hold what they held until then");
            }
            if (isOn(connection, "archive_mode") && archive.isPresent()) {
                if (!archive.get().clear(connection)) {
                    left.add(
                            "the archive of the log of changes takes nothing, and what waits for it holds what it held:"
                                    + " `lake doctor` says why");
                }
            } else if (isOn(connection, "archive_mode")) {
                left.add(
                        "archive_mode is on: the log of changes is archived, and what it holds has to be kept for 35 days"
                                + " at most");
            }
        } catch (SQLException e) {
            throw transactions.failure("the settings of PostgreSQL could not be read", e);
        }
        return left;
    }

    private void attempt(String statement, List<String> left) {
        try (Connection connection = transactions.server().open("lake erasure")) {
            Statements.execute(connection, statement);
        } catch (SQLException e) {
            if (!SqlState.INSUFFICIENT_PRIVILEGE.is(e)) {
                throw transactions.failure(statement + " failed", e);
            }
            left.add("an administrator has to run " + statement + ": " + SqlState.message(e));
        }
    }

    private static boolean isOn(Connection connection, String setting) throws SQLException {
        return !Statements.texts(connection, "SELECT current_setting(?)", setting)
                .contains("off");
    }
}
