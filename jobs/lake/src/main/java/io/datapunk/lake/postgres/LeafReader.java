package io.datapunk.lake.postgres;

import io.datapunk.lake.delta.CanonicalColumns;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.CanonicalRow;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.TableDefinition;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Reads a leaf back from PostgreSQL, by several connections, each over a range of its pages. */
final class LeafReader {
    private static final int MOST_READERS = 4;
    private static final long LEAST_PAGES = 1024;
    private static final long PAGE_BYTES = 8192;

    private final PostgresConnection server;
    private final CopyTable table;
    private final CanonicalColumns canonicalColumns;

    LeafReader(PostgresConnection server, CopyTable table) {
        this.server = server;
        this.table = table;
        this.canonicalColumns = new CanonicalColumns(DeltaSchemas.structType(table.columns()));
    }

    LeafReader(PostgresConnection server, String leaf, TableDefinition definition) {
        this(server, new HotTable(definition).copyTable(leaf));
    }

    RowChecksum checksum() throws SQLException {
        List<Callable<RowChecksum>> ranges = ranges();
        ExecutorService readers = Executors.newFixedThreadPool(readers());
        try {
            List<Future<RowChecksum>> sums = readers.invokeAll(ranges);
            RowChecksum sum = RowChecksum.ZERO;
            for (Future<RowChecksum> part : sums) {
                sum = sum.plus(part.get());
            }
            return sum;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("reading " + table.leaf() + " was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new SQLException("reading " + table.leaf() + " failed", e.getCause());
        } finally {
            readers.shutdownNow();
        }
    }

    private static int readers() {
        return Math.min(MOST_READERS, Runtime.getRuntime().availableProcessors());
    }

    /** What each reader reads at once. */
    private List<Callable<RowChecksum>> ranges() throws SQLException {
        List<Callable<RowChecksum>> ranges = new ArrayList<>();
        try (Connection connection = server.open("lake verify " + table.leaf());
                PreparedStatement query = connection.prepareStatement(
                        "SELECT part::text, pg_relation_size(part) FROM lake.tables_of(?::regclass) AS part")) {
            query.setString(1, table.relation());
            try (ResultSet tables = query.executeQuery()) {
                while (tables.next()) {
                    addRanges(tables.getString(1), tables.getLong(2) / PAGE_BYTES, ranges);
                }
            }
        }
        return ranges;
    }

    private void addRanges(String part, long pages, List<Callable<RowChecksum>> ranges) {
        long step = Math.max(LEAST_PAGES, (pages + readers() - 1) / readers());
        for (long from = 0; from == 0 || from < pages; from += step) {
            boolean last = from + step >= pages;
            // Rows behind the last page that was counted would be a mistake, and have to be seen.
            String rows = part + " WHERE ctid >= '(" + from + ",0)'::tid"
                    + (last ? "" : " AND ctid < '(" + (from + step) + ",0)'");
            ranges.add(() -> read(rows));
        }
    }

    private RowChecksum read(String rows) throws SQLException {
        String query = "SELECT " + HotTable.names(table.columns()) + " FROM " + rows;
        CanonicalRow canonical = new CanonicalRow();
        try (Connection connection = server.open("lake verify " + table.leaf());
                CopiedRows copied = new CopiedRows(connection, query, table.codecs())) {
            copied.forEachRemaining(row -> canonicalColumns.add(row, canonical));
            return canonical.checksum();
        }
    }
}
