package io.datapunk.lake.postgres;

import io.datapunk.lake.delta.CanonicalColumns;
import io.datapunk.lake.model.CanonicalRow;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.Column;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.Function2;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StructType;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * Loads one part of a partition's rows. The rows and the claim of the part are one transaction: a second attempt at the
 * same part waits for the first, and loads only where that one failed.
 */
final class LoadTask implements Function2<Integer, Iterator<InternalRow>, Iterator<LoadTask.Refusal>> {
    private static final long serialVersionUID = 1;
    // A task that lost its driver must not keep others waiting for its claim.
    private static final String SESSION =
            "SET idle_in_transaction_session_timeout = '10min'; SET tcp_keepalives_idle = 60";

    /**
     * Why rows cannot be loaded, however often it is tried. Not an exception: Spark would try again.
     *
     * @param lasts whether the rows are the reason, so that a later run would find the same
     */
    record Refusal(String reason, String sqlState, boolean lasts) implements Serializable {}

    private final PostgresConnection server;
    private final CopyTable table;
    private final String[] names;
    private final ColumnCodec[] codecs;
    private final int[] ordinals;
    private final CanonicalColumns canonicalColumns;

    /** @param schema what the rows look like; has the table's columns in any order */
    LoadTask(PostgresConnection server, CopyTable table, StructType schema) {
        this.server = server;
        this.table = table;
        this.names = table.columns().stream().map(Column::name).toArray(String[]::new);
        this.codecs = table.codecs().toArray(ColumnCodec[]::new);
        this.ordinals = table.columns().stream()
                .mapToInt(column -> schema.fieldIndex(column.name()))
                .toArray();
        this.canonicalColumns = new CanonicalColumns(schema);
    }

    /** What connections of a load are called in {@code pg_stat_activity}. */
    static String purpose(String leaf) {
        return "lake load " + leaf;
    }

    @Override
    public Iterator<Refusal> call(Integer part, Iterator<InternalRow> rows) throws SQLException {
        try (Connection connection = server.open(purpose(table.leaf()))) {
            connection.setAutoCommit(false);
            try (var statement = connection.createStatement()) {
                statement.execute(SESSION);
            }
            if (claim(connection, part)) {
                seal(connection, part, copy(connection, rows));
            }
            connection.commit();
            return Collections.emptyIterator();
        } catch (UnstorableValueException e) {
            return refuse(e.getMessage(), "", true);
        } catch (SQLException e) {
            if (SqlState.FOREIGN_KEY_VIOLATION.is(e) || SqlState.UNDEFINED_TABLE.is(e)) {
                return refuse("another run has taken this load over", e.getSQLState(), false);
            }
            if (SqlState.isAboutTheData(e) || SqlState.DISK_FULL.is(e)) {
                return refuse(SqlState.message(e), e.getSQLState(), !SqlState.DISK_FULL.is(e));
            }
            throw e;
        }
    }

    private static Iterator<Refusal> refuse(String reason, String sqlState, boolean lasts) {
        return List.of(new Refusal(reason, sqlState, lasts)).iterator();
    }

    private boolean claim(Connection connection, int part) throws SQLException {
        try (PreparedStatement claim = connection.prepareStatement(
                "INSERT INTO " + table.parts() + " (leaf, part) VALUES (?, ?) ON CONFLICT DO NOTHING")) {
            claim.setString(1, table.leaf());
            claim.setInt(2, part);
            return claim.executeUpdate() == 1;
        }
    }

    private RowChecksum copy(Connection connection, Iterator<InternalRow> rows)
            throws SQLException, UnstorableValueException {
        CanonicalRow canonical = new CanonicalRow();
        CopyBuffer buffer = new CopyBuffer();
        CopyIn target = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(table.copyIn());
        try {
            buffer.begin();
            while (rows.hasNext()) {
                InternalRow row = rows.next();
                encode(row, buffer);
                canonicalColumns.add(row, canonical);
                buffer.flushIfLarge(target);
            }
            buffer.end(target);
            target.endCopy();
            return canonical.checksum();
        } finally {
            if (target.isActive()) {
                target.cancelCopy();
            }
        }
    }

    private void encode(InternalRow row, CopyBuffer buffer) throws UnstorableValueException {
        buffer.putShort(codecs.length);
        for (int column = 0; column < codecs.length; column++) {
            int ordinal = ordinals[column];
            if (row.isNullAt(ordinal)) {
                buffer.putNull();
                continue;
            }
            int start = buffer.beginValue();
            try {
                codecs[column].encode(row, ordinal, buffer);
            } catch (UnstorableValueException e) {
                throw e.in(names[column]);
            }
            buffer.endValue(start);
        }
    }

    private void seal(Connection connection, int part, RowChecksum checksum) throws SQLException {
        try (PreparedStatement seal = connection.prepareStatement("UPDATE " + table.parts()
                + " SET rows = ?, checksum_high = ?, checksum_low = ? WHERE leaf = ? AND part = ?")) {
            seal.setLong(1, checksum.rows());
            seal.setLong(2, checksum.high());
            seal.setLong(3, checksum.low());
            seal.setString(4, table.leaf());
            seal.setInt(5, part);
            seal.executeUpdate();
        }
    }
}
