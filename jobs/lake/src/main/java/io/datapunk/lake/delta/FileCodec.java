package io.datapunk.lake.delta;

import com.github.luben.zstd.ZstdCompressCtx;
import java.io.IOException;
import java.io.Serializable;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * How pages are compressed.
 *
 * @param level of zstd; 0 for a codec without levels
 */
record FileCodec(CompressionCodecName name, int level) implements Serializable {
    static FileCodec warm() {
        return new FileCodec(CompressionCodecName.LZ4_RAW, 0);
    }

    static FileCodec cold(int level) {
        return new FileCodec(CompressionCodecName.ZSTD, level);
    }

    /** What Spark's writer calls it. */
    String sparkName() {
        return name == CompressionCodecName.ZSTD ? "zstd" : DeltaAppend.WARM_CODEC;
    }

    BytesInputCompressor compressor(Configuration configuration) {
        return name == CompressionCodecName.ZSTD
                ? new ZstdPages(level)
                : new CodecFactory(configuration, ParquetWriter.DEFAULT_PAGE_SIZE).getCompressor(name);
    }

    /** As tags have it: {@code zstd:19}, {@code lz4_raw}. */
    @Override
    public String toString() {
        return name == CompressionCodecName.ZSTD ? "zstd:" + level : DeltaAppend.WARM_CODEC;
    }

    /**
     * Parquet's own compressor streams, and so has to prepare for a page of any size: at level 19 that is 80 MB of
     * tables for each page. A page's size is known here.
     */
    private static final class ZstdPages implements BytesInputCompressor {
        private final ZstdCompressCtx context = new ZstdCompressCtx();

        private ZstdPages(int level) {
            context.setLevel(level);
        }

        @Override
        public BytesInput compress(BytesInput page) throws IOException {
            return BytesInput.from(context.compress(page.toByteArray()));
        }

        @Override
        public CompressionCodecName getCodecName() {
            return CompressionCodecName.ZSTD;
        }

        @Override
        public void release() {
            context.close();
        }
    }
}
