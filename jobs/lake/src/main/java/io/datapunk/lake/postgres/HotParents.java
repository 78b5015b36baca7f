package io.datapunk.lake.postgres;

import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.Column;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.types.StructType;

/** Makes the table of a dataset that applications read, and refuses a table or rows that are not the lake's. */
final class HotParents {
    private static final String KEY_CONSTRAINT =
            "SELECT conname FROM pg_constraint WHERE conrelid = ?::regclass AND contype = 'p'";
    private static final String KEY = """
            SELECT attname
              FROM pg_constraint
              JOIN pg_attribute ON attrelid = conrelid AND attnum = ANY (conkey)
             WHERE conrelid = ?::regclass AND contype = 'p'
             ORDER BY array_position(conkey, attnum)
            """;

    private final FencedTransactions transactions;

    HotParents(FencedTransactions transactions) {
        this.transactions = transactions;
    }

    /** Refuses rows that are not the table's. */
    static void requireColumns(HotTable table, StructType schema) {
        HotPreflight.differences(table.definition(), DeltaSchemas.columns(schema))
                .ifPresent(differences -> {
                    throw LakeException.failed(
                            table.definition().name() + " cannot be served hot",
                            differences,
                            "serve it from Delta, or undo the change of its columns");
                });
    }

    /** Makes the table, or adds the columns that a newer release has added. */
    void ensure(HotTable table) {
        transactions.retryingOnLocks(
                "the hot table of " + table.definition().name() + " could not be made", connection -> {
                    Statements.execute(connection, "SELECT pg_advisory_xact_lock(hashtext('lake.parents'))");
                    Map<String, String> found = columns(connection, table);
                    if (found.isEmpty()) {
                        for (String statement : table.createParent()) {
                            Statements.execute(connection, statement);
                        }
                        return null;
                    }
                    for (Column column : table.definition().columns()) {
                        String type = found.remove(column.name());
                        String wanted = ColumnCodec.of(column.type()).sqlType();
                        if (type == null && column.nullable()) {
                            Statements.execute(connection, table.addColumn(column));
                        } else if (!wanted.equals(type)) {
                            throw foreign(
                                    table,
                                    "its column " + column.name() + " is " + (type == null ? "missing" : type)
                                            + ", not " + wanted);
                        }
                    }
                    if (!found.isEmpty()) {
                        throw foreign(
                                table,
                                "it has further columns, as "
                                        + found.keySet().iterator().next());
                    }
                    return null;
                });
    }

    /** Gives the table the key that this layout needs, which only an empty one can get without making readers wait. */
    void ensureKey(HotTable table) {
        transactions.retryingOnLocks(
                "the key of the hot table " + table.definition().name() + " could not be changed", connection -> {
                    Statements.execute(connection, "SELECT pg_advisory_xact_lock(hashtext('lake.parents'))");
                    List<String> key = Statements.texts(connection, KEY, table.parent());
                    if (Set.copyOf(key).equals(Set.copyOf(table.key()))) {
                        return null;
                    }
                    long leaves = Statements.number(
                            connection,
                            "SELECT count(*) FROM pg_inherits WHERE inhparent = ?::regclass",
                            table.parent());
                    if (leaves > 0) {
                        throw LakeException.failed(
                                table.definition().name() + " cannot change its key in PostgreSQL while it is served",
                                "it is (" + String.join(", ", key) + ") and has to become ("
                                        + String.join(", ", table.key()) + ") for what the configuration asks; "
                                        + leaves + " of its months are here",
                                "with tiering.hot.split-above and tiering.hot.writes as before, let its months leave:"
                                        + " `lake tier pin "
                                        + table.definition().name() + "/"
                                        + table.partitionColumn() + "=… --tier warm` and `lake tier apply`; then set"
                                        + " them anew");
                    }
                    for (String constraint : Statements.texts(connection, KEY_CONSTRAINT, table.parent())) {
                        Statements.execute(
                                connection,
                                "ALTER TABLE " + table.parent() + " DROP CONSTRAINT " + HotTable.quoted(constraint));
                    }
                    Statements.execute(connection, table.addKey());
                    return null;
                });
    }

    private static LakeException foreign(HotTable table, String difference) {
        return LakeException.failed(
                "the hot table " + table.definition().name() + " cannot be used",
                "it is not the table that this release makes: " + difference,
                "rename that table, or give the lake a database of its own in lake.postgres.url");
    }

    private static Map<String, String> columns(Connection connection, HotTable table) throws SQLException {
        String query = """
                SELECT attribute.attname, format_type(attribute.atttypid, attribute.atttypmod), relation.relkind
                  FROM pg_class relation
                  JOIN pg_namespace schema ON schema.oid = relation.relnamespace
                  JOIN pg_attribute attribute ON attribute.attrelid = relation.oid
                 WHERE schema.nspname = ? AND relation.relname = ? AND attribute.attnum > 0 AND NOT attribute.attisdropped
                 ORDER BY attribute.attnum
                """;
        Map<String, String> columns = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, table.definition().name().schema());
            statement.setString(2, table.definition().name().name());
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    if (!rows.getString(3).equals("p")) {
                        throw foreign(table, "it is not partitioned");
                    }
                    // A length that the operator has set holds less than the lake allows, and nothing else.
                    columns.put(
                            rows.getString(1), rows.getString(2).replaceFirst("^character varying\\(\\d+\\)$", "text"));
                }
            }
        }
        return columns;
    }
}
