package io.datapunk.lake.postgres;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.postgresql.PGConnection;
import org.postgresql.copy.PGCopyInputStream;

/** The rows of a query, by binary COPY, as Spark's. Reading fails with {@link UncheckedIOException}. */
final class CopiedRows implements Iterator<InternalRow>, AutoCloseable {
    private static final int HEADER_BYTES = 19;

    private final DataInputStream in;
    private final ColumnCodec[] codecs;
    private byte[] value = new byte[8 << 10];
    private int fields;

    /** @param query gives values of these codecs in this order */
    CopiedRows(Connection connection, String query, List<ColumnCodec> codecs) throws SQLException {
        this.codecs = codecs.toArray(ColumnCodec[]::new);
        PGCopyInputStream copy = new PGCopyInputStream(
                connection.unwrap(PGConnection.class), "COPY (" + query + ") TO STDOUT (FORMAT binary)");
        this.in = new DataInputStream(new BufferedInputStream(copy, 1 << 16));
        try {
            in.skipNBytes(HEADER_BYTES);
            fields = in.readShort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean hasNext() {
        return fields >= 0;
    }

    @Override
    public InternalRow next() {
        if (fields < 0) {
            throw new NoSuchElementException();
        }
        if (fields != codecs.length) {
            throw new IllegalStateException("a row has " + fields + " values, not " + codecs.length);
        }
        try {
            Object[] values = new Object[codecs.length];
            for (int i = 0; i < values.length; i++) {
                values[i] = readValue(codecs[i]);
            }
            fields = in.readShort();
            return new GenericInternalRow(values);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Object readValue(ColumnCodec codec) throws IOException {
        int length = in.readInt();
        if (length < 0) {
            return null;
        }
        if (length > value.length) {
            value = new byte[Math.max(length, value.length * 2)];
        }
        in.readFully(value, 0, length);
        return codec.decode(ByteBuffer.wrap(value, 0, length));
    }

    @Override
    public void close() throws SQLException {
        try {
            in.close();
        } catch (IOException e) {
            throw new SQLException("the end of the rows could not be read", e);
        }
    }
}
