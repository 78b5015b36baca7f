package io.datapunk.lake.container;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** A gzipped file, decompressed within the limits. */
final class GzipSource implements Closeable {
    private static final int BUFFER = 64 << 10;

    private final Path file;
    private final FileStream compressed;
    private final SafetyLimits limits;
    private final Progress.Stage stage;
    private GZIPInputStream in;
    private long bytes;
    private long told;

    private GzipSource(Path file, FileStream compressed, SafetyLimits limits, Progress.Stage stage) {
        this.file = file;
        this.compressed = compressed;
        this.limits = limits;
        this.stage = stage;
    }

    static GzipSource open(Path file, SafetyLimits limits, Progress.Stage stage) throws IOException {
        return new GzipSource(file, FileStream.whole(file), limits, stage);
    }

    int read(byte[] target) throws IOException {
        int read;
        try {
            if (in == null) {
                in = new GZIPInputStream(compressed, BUFFER);
            }
            read = in.read(target);
        } catch (EOFException e) {
            throw damaged("it ends in the middle, as when a download stops", e);
        } catch (ZipException e) {
            throw damaged("its compressed bytes are damaged (%s)".formatted(e.getMessage()), e);
        }
        bytes += Math.max(0, read);
        stage.advance(compressed.position() - told);
        told = compressed.position();
        if (bytes > limits.totalBytes() || limits.isRatioExceeded(told, bytes)) {
            throw LakeException.failed(
                    file.getFileName() + " unpacks to too much",
                    "%,d bytes came out of the first %,d; the limits are %,d bytes and %d to 1"
                            .formatted(bytes, told, limits.totalBytes(), limits.ratio()),
                    "raise the limit if the export is honest; nothing was read from it");
        }
        return read;
    }

    private LakeException damaged(String reason, IOException cause) {
        return LakeException.failed(
                file.getFileName() + " cannot be unpacked to its end",
                "near byte %,d of the file, byte %,d unpacked: %s".formatted(compressed.position(), bytes, reason),
                "download or copy it again; nothing was read from it",
                cause);
    }

    @Override
    public void close() throws IOException {
        if (in != null) {
            in.close();
        }
        compressed.close();
    }
}
