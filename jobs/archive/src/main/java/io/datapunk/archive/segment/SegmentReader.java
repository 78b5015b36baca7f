package io.datapunk.archive.segment;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes that went into a segment. */
public final class SegmentReader extends FilterInputStream {
    private static final int LARGEST_WINDOW_LOG = 27;

    private SegmentReader(InputStream in) {
        super(in);
    }

    /**
     * @param sealed the segment's bytes and no others
     * @param name under which it was written
     * @throws IOException now or while it is read, where a byte is not what was written, or key or name are others
     */
    public static SegmentReader open(InputStream sealed, String name, byte[] key) throws IOException {
        ZstdInputStreamNoFinalizer zstd =
                new ZstdInputStreamNoFinalizer(new SegmentCipher(key, name).decrypting(sealed));
        zstd.setLongMax(LARGEST_WINDOW_LOG);
        return new SegmentReader(zstd);
    }
}
