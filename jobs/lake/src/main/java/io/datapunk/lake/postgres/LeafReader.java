package io.datapunk.lake.postgres;

import io.datapunk.lake.model.CanonicalRow;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.TableDefinition;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;

/** Reads a leaf back from PostgreSQL, by several connections, each over a range of its pages. */
final class LeafReader {
    private static final int MOST_READERS = 4;
    private static final long LEAST_PAGES = 1024;
    private static final long PAGE_BYTES = 8192;
    private static final int HEADER_BYTES = 19;

    private final PostgresConnection server;
    private final String leaf;
    private final List<Column> columns;

    LeafReader(PostgresConnection server, String leaf, TableDefinition table) {
        this.server = server;
        this.leaf = leaf;
        // The canonical order, so that values go straight from the wire into the hash.
        this.columns = table.columns().stream()
                .sorted(Comparator.comparing(Column::name))
                .toList();
    }

    RowChecksum checksum() throws SQLException {
        List<Callable<RowChecksum>> ranges = ranges(pages());
        ExecutorService readers = Executors.newFixedThreadPool(ranges.size());
        try {
            List<Future<RowChecksum>> sums = readers.invokeAll(ranges);
            RowChecksum sum = RowChecksum.ZERO;
            for (Future<RowChecksum> part : sums) {
                sum = sum.plus(part.get());
            }
            return sum;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLException("reading " + leaf + " was interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw cause;
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new SQLException("reading " + leaf + " failed", e.getCause());
        } finally {
            readers.shutdownNow();
        }
    }

    private long pages() throws SQLException {
        try (Connection connection = server.open("lake verify " + leaf);
                PreparedStatement query = connection.prepareStatement("SELECT pg_relation_size(?::regclass)")) {
            query.setString(1, HotTable.leaf(leaf));
            try (ResultSet size = query.executeQuery()) {
                size.next();
                return size.getLong(1) / PAGE_BYTES;
            }
        }
    }

    private List<Callable<RowChecksum>> ranges(long pages) {
        int most = Math.min(MOST_READERS, Runtime.getRuntime().availableProcessors());
        long step = Math.max(LEAST_PAGES, (pages + most - 1) / most);
        List<Callable<RowChecksum>> ranges = new ArrayList<>();
        for (long from = 0; from == 0 || from < pages; from += step) {
            long first = from;
            boolean last = from + step >= pages;
            // Rows behind the last page that was counted would be a mistake, and have to be seen.
            String where =
                    "ctid >= '(" + first + ",0)'::tid" + (last ? "" : " AND ctid < '(" + (first + step) + ",0)'");
            ranges.add(() -> read(where));
        }
        return ranges;
    }

    private RowChecksum read(String where) throws SQLException, IOException {
        String query = "COPY (SELECT " + HotTable.names(columns) + " FROM " + HotTable.leaf(leaf) + " WHERE " + where
                + ") TO STDOUT (FORMAT binary)";
        try (Connection connection = server.open("lake verify " + leaf);
                PGCopyInputStream copy = new PGCopyInputStream(connection.unwrap(PGConnection.class), query);
                DataInputStream in = new DataInputStream(new BufferedInputStream(copy, 1 << 16))) {
            return sum(in);
        }
    }

    private RowChecksum sum(DataInputStream in) throws IOException {
        ColumnCodec[] codecs =
                columns.stream().map(column -> ColumnCodec.of(column.type())).toArray(ColumnCodec[]::new);
        CanonicalRow canonical = new CanonicalRow();
        in.skipNBytes(HEADER_BYTES);
        byte[] value = new byte[8 << 10];
        while (true) {
            int fields = in.readShort();
            if (fields < 0) {
                return canonical.checksum();
            }
            if (fields != codecs.length) {
                throw new IOException("a row of " + leaf + " has " + fields + " values, not " + codecs.length);
            }
            for (ColumnCodec codec : codecs) {
                int length = in.readInt();
                if (length < 0) {
                    canonical.putNull();
                    continue;
                }
                if (length > value.length) {
                    value = new byte[Math.max(length, value.length * 2)];
                }
                in.readFully(value, 0, length);
                codec.decode(ByteBuffer.wrap(value, 0, length), canonical);
            }
            canonical.endRow();
        }
    }
}
