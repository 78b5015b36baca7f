package io.datapunk.lake.sql;

import io.datapunk.lake.model.LakeException;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One request and its answer between a command and the warm server. The command says for which build and settings it
 * speaks; a server of another build answers nothing else, so that old code never runs a new command's query.
 */
public final class SqlConnection implements Closeable {
    /** What a command can ask for. */
    public enum Request {
        QUERY,
        FLUSH,
        STOP,
        /** Keeps a session, by the name that stands in the statement's place, until this connection ends. */
        SESSION,
        /** A statement in a session that is kept; its name is the first line. Refused where there is none of that name. */
        QUERY_IN_SESSION
    }

    private static final int HELLO = 0x4c414b31;

    private final SocketChannel channel;
    private final DataInputStream in;
    private final DataOutputStream out;

    public SqlConnection(SocketChannel channel) {
        this.channel = channel;
        this.in = new DataInputStream(new BufferedInputStream(new ChannelInput(channel)));
        this.out = new DataOutputStream(new BufferedOutputStream(new ChannelOutput(channel), 1 << 16));
    }

    /** @throws IOException where nobody listens */
    static SqlConnection open(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new SqlConnection(channel);
        } catch (IOException | RuntimeException failure) {
            channel.close();
            throw failure;
        }
    }

    /** Asks, and says whether the server speaks for the same build and settings. */
    boolean ask(Request request, String key, String statement) throws IOException {
        out.writeInt(HELLO);
        SqlValue.write(key, out);
        out.writeByte(request.ordinal());
        SqlValue.write(statement, out);
        out.flush();
        return in.readBoolean();
    }

    /** What a server was asked. */
    public record Asked(Request request, String key, String statement) {}

    public Asked receive() throws IOException {
        if (in.readInt() != HELLO) {
            throw new IOException("not a command of the lake");
        }
        String key = String.valueOf(SqlValue.read(in));
        int request = in.readByte();
        if (request < 0 || request >= Request.values().length) {
            throw new IOException("not a request: " + request);
        }
        return new Asked(Request.values()[request], key, String.valueOf(SqlValue.read(in)));
    }

    public void accept(boolean accepted) throws IOException {
        out.writeBoolean(accepted);
        out.flush();
    }

    /** Blocks until the other side hangs up. */
    public void awaitHangUp() {
        try {
            while (in.read() >= 0) {
                // Nothing more is said in this direction.
            }
        } catch (IOException hungUp) {
            // That is what was waited for.
        }
    }

    /** Sends an answer on. */
    public SqlSink answer() {
        return new SqlSink() {
            @Override
            public void columns(List<SqlColumn> columns) throws IOException {
                out.writeByte('C');
                out.writeInt(columns.size());
                for (SqlColumn column : columns) {
                    SqlValue.write(column.name(), out);
                    SqlValue.write(column.type(), out);
                }
            }

            @Override
            public void row(List<Object> values) throws IOException {
                out.writeByte('R');
                SqlValue.write(values, out);
            }

            @Override
            public void end() throws IOException {
                out.writeByte('E');
                out.flush();
            }
        };
    }

    public void fail(LakeException failure) throws IOException {
        out.writeByte('X');
        SqlValue.write(failure.problem(), out);
        SqlValue.write(failure.reason(), out);
        SqlValue.write(failure.remedy(), out);
        out.flush();
    }

    /**
     * Takes an answer in.
     *
     * @throws LakeException where the statement failed there
     * @throws IOException where the server went away
     */
    void readAnswer(SqlSink sink) throws IOException {
        while (true) {
            byte part = in.readByte();
            switch (part) {
                case 'C' -> {
                    List<SqlColumn> columns = new ArrayList<>();
                    for (int left = in.readInt(); left > 0; left--) {
                        columns.add(
                                new SqlColumn(String.valueOf(SqlValue.read(in)), String.valueOf(SqlValue.read(in))));
                    }
                    sink.columns(columns);
                }
                case 'R' -> {
                    @SuppressWarnings("unchecked") // A row is written as a list.
                    List<Object> row = (List<Object>) SqlValue.read(in);
                    sink.row(row);
                }
                case 'E' -> {
                    sink.end();
                    return;
                }
                case 'X' ->
                    throw LakeException.failed(
                            String.valueOf(SqlValue.read(in)),
                            String.valueOf(SqlValue.read(in)),
                            String.valueOf(SqlValue.read(in)));
                default -> throw new IOException("not a part of an answer: " + part);
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    // On JDK 17 the streams of java.nio.channels.Channels cannot read and write one channel at the same time.
    private static final class ChannelInput extends InputStream {
        private final SocketChannel channel;

        ChannelInput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            return length == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, offset, length));
        }
    }

    private static final class ChannelOutput extends OutputStream {
        private final SocketChannel channel;

        ChannelOutput(SocketChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(int one) throws IOException {
            write(new byte[] {(byte) one}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
        }
    }
}
