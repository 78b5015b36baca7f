package io.datapunk.archive.segment;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.datapunk.lake.model.Sha256;
import java.io.Closeable;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Writes one segment; the stream below it stays open for the next. */
public final class SegmentWriter implements Closeable {
    private final MessageDigest rawDigest = Sha256.digest();
    private final Sealed sealed;
    private final ZstdOutputStreamNoFinalizer zstd;
    private long rawBytes;

    /**
     * @param name of the segment, ASCII; only under it can it be opened
     * @param key 32 bytes that no other segment has
     */
    public SegmentWriter(OutputStream out, String name, byte[] key, Compression compression) throws IOException {
        this.sealed = new Sealed(out);
        this.zstd = new ZstdOutputStreamNoFinalizer(new SegmentCipher(key, name).encrypting(sealed));
        zstd.setLevel(compression.level());
        zstd.setLong(compression.windowLog());
        zstd.setChecksum(true);
        if (compression.workers() > 0) {
            zstd.setWorkers(compression.workers());
        }
    }

    public void write(byte[] source, int from, int length) throws IOException {
        rawDigest.update(source, from, length);
        zstd.write(source, from, length);
        rawBytes += length;
    }

    /** The same as a stream, whose closing ends nothing. */
    public OutputStream asStream() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] source, int from, int length) throws IOException {
                SegmentWriter.this.write(source, from, length);
            }
        };
    }

    /** What was written. */
    public record Written(long rawBytes, String rawSha256, long bytes, String sha256) {}

    /** Ends the segment. */
    public Written finish() throws IOException {
        zstd.close();
        return new Written(
                rawBytes,
                HexFormat.of().formatHex(rawDigest.digest()),
                sealed.bytes,
                HexFormat.of().formatHex(sealed.digest.digest()));
    }

    /** Frees what a segment holds that was not finished; nobody is to name what was written of it. */
    @Override
    public void close() throws IOException {
        zstd.close();
    }

    /** Counts and hashes what is stored, and keeps the stream below open. */
    private static final class Sealed extends FilterOutputStream {
        private final MessageDigest digest = Sha256.digest();
        private long bytes;

        Sealed(OutputStream out) {
            super(out);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] source, int from, int length) throws IOException {
            out.write(source, from, length);
            digest.update(source, from, length);
            bytes += length;
        }

        @Override
        public void close() throws IOException {
            out.flush();
        }
    }
}
