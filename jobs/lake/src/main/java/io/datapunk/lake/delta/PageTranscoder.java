package io.datapunk.lake.delta;

import io.datapunk.lake.encryption.FileEncryption;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.values.bloomfilter.BloomFilter;
import org.apache.parquet.compression.CompressionCodecFactory.BytesInputCompressor;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.rewrite.ParquetRewriter;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Writes a Parquet file anew in another codec, page by page: rows, their order, row groups, encodings and indexes stay
 * as they are, no value is decoded. Parquet's {@link ParquetRewriter} walks pages in the same way, but compresses zstd
 * at level 3 whatever it is told. Holds one row group in memory.
 */
final class PageTranscoder {
    private final Configuration configuration;
    private final FileCodec codec;

    PageTranscoder(Configuration configuration, FileCodec codec) {
        this.configuration = configuration;
        this.codec = codec;
    }

    /**
     * Writes {@code target}, which must not exist.
     *
     * @return the rows that it holds
     */
    long transcode(Path source, Path target) throws IOException {
        HadoopReadOptions.Builder options = HadoopReadOptions.builder(configuration, source);
        options.usePageChecksumVerification(true);
        try (ParquetFileReader reader =
                ParquetFileReader.open(HadoopInputFile.fromPath(source, configuration), options.build())) {
            FileMetaData metadata = reader.getFileMetaData();
            BytesInputCompressor compressor = codec.compressor(configuration);
            ParquetFileWriter writer = new ParquetFileWriter(
                    HadoopOutputFile.fromPath(target, configuration),
                    metadata.getSchema(),
                    ParquetFileWriter.Mode.CREATE,
                    ParquetWriter.DEFAULT_BLOCK_SIZE,
                    ParquetWriter.MAX_PADDING_SIZE_DEFAULT,
                    ParquetProperties.DEFAULT_COLUMN_INDEX_TRUNCATE_LENGTH,
                    ParquetProperties.DEFAULT_STATISTICS_TRUNCATE_LENGTH,
                    ParquetProperties.DEFAULT_PAGE_WRITE_CHECKSUM_ENABLED,
                    FileEncryption.properties(configuration, target));
            try (writer) {
                writer.start();
                long rows = 0;
                int written = 0;
                for (int block = 0; block < reader.getRowGroups().size(); block++) {
                    long rowsOfGroup = rowGroup(reader, block, written, metadata.getSchema(), writer, compressor);
                    rows += rowsOfGroup;
                    written += rowsOfGroup == 0 ? 0 : 1;
                }
                writer.end(keyValues(metadata));
                return rows;
            } finally {
                compressor.release();
            }
        }
    }

    private static Map<String, String> keyValues(FileMetaData metadata) {
        Map<String, String> keyValues = new HashMap<>(metadata.getKeyValueMetaData());
        keyValues.putIfAbsent(ParquetRewriter.ORIGINAL_CREATED_BY_KEY, String.valueOf(metadata.getCreatedBy()));
        return keyValues;
    }

    private static long rowGroup(
            ParquetFileReader reader,
            int index,
            int targetIndex,
            MessageType schema,
            ParquetFileWriter writer,
            BytesInputCompressor compressor)
            throws IOException {
        BlockMetaData block = reader.getRowGroups().get(index);
        if (block.getRowCount() == 0) {
            return 0;
        }
        writer.startBlock(block.getRowCount());
        try (PageReadStore pages = reader.readRowGroup(index)) {
            int ordinal = 0;
            for (ColumnChunkMetaData chunk : block.getColumns()) {
                PageEncryption encryption =
                        PageEncryption.of(writer.getEncryptor(), chunk.getPath(), targetIndex, ordinal++);
                column(reader, pages, schema, chunk, block.getRowCount(), writer, compressor, encryption);
            }
        }
        writer.endBlock();
        return block.getRowCount();
    }

    private static void column(
            ParquetFileReader reader,
            PageReadStore pages,
            MessageType schema,
            ColumnChunkMetaData chunk,
            long rows,
            ParquetFileWriter writer,
            BytesInputCompressor compressor,
            PageEncryption encryption)
            throws IOException {
        ColumnDescriptor column = schema.getColumnDescription(chunk.getPath().toArray());
        PageReader source = pages.getPageReader(column);
        ColumnIndex columnIndex = reader.readColumnIndex(chunk);
        OffsetIndex offsetIndex = reader.readOffsetIndex(chunk);
        BloomFilter bloomFilter = reader.readBloomFilter(chunk);

        writer.startColumn(column, chunk.getValueCount(), compressor.getCodecName());
        if (bloomFilter != null) {
            writer.addBloomFilter(chunk.getPath().toDotString(), bloomFilter);
        }
        DictionaryPage dictionary = source.readDictionaryPage();
        if (dictionary != null) {
            writer.writeDictionaryPage(
                    new DictionaryPage(
                            encryption.dictionary(compressor.compress(dictionary.getBytes())),
                            dictionary.getUncompressedSize(),
                            dictionary.getDictionarySize(),
                            dictionary.getEncoding()),
                    encryption.ofHeaders(),
                    encryption.dictionaryHeader());
        }
        boolean bounded = true;
        int ordinal = 0;
        for (DataPage page = source.readPage(); page != null; page = source.readPage()) {
            Statistics<?> statistics = statistics(page, columnIndex, ordinal, chunk.getPrimitiveType());
            bounded &= !statistics.isEmpty();
            encryption.beginPage(ordinal);
            write(page, rows, ordinal, offsetIndex, statistics, writer, compressor, encryption);
            ordinal++;
        }
        if (!bounded) {
            // Without an index, as for INT96 or a column with NaN, pages have no statistics: the chunk's still hold.
            writer.invalidateStatistics(chunk.getStatistics());
        }
        writer.endColumn();
    }

    private static void write(
            DataPage page,
            long rows,
            int ordinal,
            OffsetIndex offsetIndex,
            Statistics<?> statistics,
            ParquetFileWriter writer,
            BytesInputCompressor compressor,
            PageEncryption encryption)
            throws IOException {
        if (page instanceof DataPageV2 second) {
            writer.writeDataPageV2(
                    second.getRowCount(),
                    second.getNullCount(),
                    second.getValueCount(),
                    second.getRepetitionLevels(),
                    second.getDefinitionLevels(),
                    second.getDataEncoding(),
                    encryption.page(compressor.compress(second.getData())),
                    true,
                    Math.toIntExact(second.getData().size()),
                    statistics,
                    encryption.ofHeaders(),
                    encryption.pageHeader());
            return;
        }
        DataPageV1 first = (DataPageV1) page;
        if (offsetIndex == null) {
            writer.writeDataPage(
                    first.getValueCount(),
                    first.getUncompressedSize(),
                    encryption.page(compressor.compress(first.getBytes())),
                    statistics,
                    first.getRlEncoding(),
                    first.getDlEncoding(),
                    first.getValueEncoding(),
                    encryption.ofHeaders(),
                    encryption.pageHeader());
            return;
        }
        long pageRows = offsetIndex.getLastRowIndex(ordinal, rows) - offsetIndex.getFirstRowIndex(ordinal) + 1;
        writer.writeDataPage(
                first.getValueCount(),
                first.getUncompressedSize(),
                encryption.page(compressor.compress(first.getBytes())),
                statistics,
                pageRows,
                first.getRlEncoding(),
                first.getDlEncoding(),
                first.getValueEncoding(),
                encryption.ofHeaders(),
                encryption.pageHeader());
    }

    private static Statistics<?> statistics(DataPage page, ColumnIndex index, int ordinal, PrimitiveType type) {
        if (index != null) {
            Statistics.Builder builder = Statistics.getBuilderForReading(type);
            if (index.getNullCounts() != null) {
                builder.withNumNulls(index.getNullCounts().get(ordinal));
            }
            if (!index.getNullPages().get(ordinal)) {
                builder.withMin(bytes(index.getMinValues().get(ordinal)));
                builder.withMax(bytes(index.getMaxValues().get(ordinal)));
            }
            return builder.build();
        }
        Statistics<?> ofPage =
                page instanceof DataPageV2 second ? second.getStatistics() : ((DataPageV1) page).getStatistics();
        return ofPage == null ? Statistics.getBuilderForReading(type).build() : ofPage;
    }

    private static byte[] bytes(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.remaining()];
        buffer.duplicate().get(bytes);
        return bytes;
    }
}
