package io.datapunk.tiering.heat;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.BiConsumer;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/**
 * A file of partitions with their accesses by hour. It is a row of gzip members, which tasks make independently of each
 * other; within, an entry is the partition's name (as {@link DataOutputStream#writeUTF}), the length of its
 * {@link PackedAccesses} and these. A partition may have several entries, in one file or in many: they add up.
 */
final class HeatSegment {
    private static final int CHUNK = 1 << 20;
    private static final int BUFFER = 1 << 16;

    private HeatSegment() {}

    /** Collects entries into one gzip member. */
    static final class Chunk {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final DataOutputStream out = new DataOutputStream(bytes);

        void add(String partition, byte[] packed) {
            try {
                out.writeUTF(partition);
                out.writeInt(packed.length);
                out.write(packed);
            } catch (IOException e) {
                throw new IllegalStateException("memory can be written", e);
            }
        }

        boolean isFull() {
            return bytes.size() >= CHUNK;
        }

        boolean isEmpty() {
            return bytes.size() == 0;
        }

        /** The member; the chunk is empty afterwards. */
        byte[] take() {
            ByteArrayOutputStream compressed = new ByteArrayOutputStream(bytes.size() / 2);
            try (OutputStream gzip = new FastGzip(compressed)) {
                bytes.writeTo(gzip);
            } catch (IOException e) {
                throw new IllegalStateException("memory can be written", e);
            }
            bytes.reset();
            return compressed.toByteArray();
        }
    }

    /** Calls back for each entry. */
    static void read(Path file, BiConsumer<String, byte[]> entries) throws IOException {
        if (Files.size(file) == 0) {
            return;
        }
        try (InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER);
                DataInputStream in =
                        new DataInputStream(new BufferedInputStream(new GZIPInputStream(bytes, BUFFER), BUFFER))) {
            while (true) {
                in.mark(1);
                if (in.read() < 0) {
                    return;
                }
                in.reset();
                String partition = in.readUTF();
                byte[] packed = new byte[in.readInt()];
                in.readFully(packed);
                entries.accept(partition, packed);
            }
        } catch (EOFException e) {
            throw new IOException(file + " ends too early", e);
        }
    }

    /** These files are read often and kept for hours; level 1 is four times as quick to write as the default. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }
}
