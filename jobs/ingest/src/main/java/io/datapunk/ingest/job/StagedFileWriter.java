package io.datapunk.ingest.job;

import io.datapunk.lake.model.table.EventColumns;
import io.datapunk.lake.model.table.ProvenanceColumns;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;

/**
 * Writes staged rows into one Parquet file. Parsers push their rows; going around Spark's own writer saves turning that
 * into a pull, and every row's way through two more representations.
 */
final class StagedFileWriter implements Closeable {
    /** One task keeps a writer for each table open, so that row groups are small. */
    private static final long ROW_GROUP_BYTES = 16L << 20;

    private static final int PAGE_BYTES = 256 << 10;

    private final ParquetWriter<StagedRow> writer;
    private long rows;

    StagedFileWriter(StagedTable table, Path file) throws IOException {
        writer = new Builder(new LocalOutputFile(file), table)
                .withCompressionCodec(CompressionCodecName.SNAPPY)
                .withRowGroupSize(ROW_GROUP_BYTES)
                .withPageSize(PAGE_BYTES)
                // Read once and whole: what helps to skip or to shrink costs more than it saves here
                .withDictionaryEncoding(false)
                .withDictionaryEncoding(ProvenanceColumns.SOURCE, true)
                .withDictionaryEncoding(ProvenanceColumns.ENTRY, true)
                .withDictionaryEncoding(EventColumns.MONTH, true)
                .withStatisticsEnabled(false)
                .withSizeStatisticsEnabled(false)
                .withPageWriteChecksumEnabled(false)
                .withValidation(false)
                .build();
    }

    void write(StagedRow row) throws IOException {
        writer.write(row);
        rows++;
    }

    long rows() {
        return rows;
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private static final class Builder extends ParquetWriter.Builder<StagedRow, Builder> {
        private final StagedTable table;

        Builder(OutputFile file, StagedTable table) {
            super(file);
            this.table = table;
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        protected WriteSupport<StagedRow> getWriteSupport(Configuration configuration) {
            return new Support(table);
        }

        @Override
        protected WriteSupport<StagedRow> getWriteSupport(ParquetConfiguration configuration) {
            return new Support(table);
        }
    }

    private static final class Support extends WriteSupport<StagedRow> {
        private final StagedTable table;
        private final List<Type> fields;
        private RecordConsumer consumer;

        Support(StagedTable table) {
            this.table = table;
            this.fields = table.parquet().getFields();
        }

        @Override
        public WriteContext init(Configuration configuration) {
            return new WriteContext(table.parquet(), Map.of());
        }

        @Override
        public WriteContext init(ParquetConfiguration configuration) {
            return new WriteContext(table.parquet(), Map.of());
        }

        @Override
        public void prepareForWrite(RecordConsumer recordConsumer) {
            consumer = recordConsumer;
        }

        @Override
        public void write(StagedRow row) {
            consumer.startMessage();
            consumer.startField(StagedTable.ROW, 0);
            consumer.addLong(row.row());
            consumer.endField(StagedTable.ROW, 0);
            consumer.startField(StagedTable.FILE, 1);
            consumer.addInteger(row.file());
            consumer.endField(StagedTable.FILE, 1);
            field(fields.get(2), 2, row.firstOccurrence());
            Object[] values = row.values();
            for (int at = 0; at < values.length; at++) {
                field(fields.get(at + 3), at + 3, values[at]);
            }
            consumer.endMessage();
        }

        private void field(Type type, int index, Object value) {
            if (value == null) {
                return;
            }
            consumer.startField(type.getName(), index);
            value(type, value);
            consumer.endField(type.getName(), index);
        }

        private void value(Type type, Object value) {
            if (value instanceof String text) {
                consumer.addBinary(Binary.fromString(text));
            } else if (value instanceof Long number) {
                consumer.addLong(number);
            } else if (value instanceof Double number) {
                consumer.addDouble(number);
            } else if (value instanceof Integer number) {
                consumer.addInteger(number);
            } else if (value instanceof byte[] bytes) {
                consumer.addBinary(Binary.fromConstantByteArray(bytes));
            } else if (value instanceof Boolean truth) {
                consumer.addBoolean(truth);
            } else if (value instanceof List<?> elements) {
                list(type.asGroupType(), elements);
            } else if (value instanceof Object[] struct) {
                struct(type.asGroupType(), struct);
            } else {
                throw new IllegalArgumentException(
                        "a " + value.getClass().getName() + " cannot be written as " + type.getName());
            }
        }

        private void list(GroupType type, List<?> elements) {
            consumer.startGroup();
            if (!elements.isEmpty()) {
                Type repeated = type.getType(0);
                Type element = repeated.asGroupType().getType(0);
                consumer.startField(repeated.getName(), 0);
                for (Object each : elements) {
                    consumer.startGroup();
                    field(element, 0, each);
                    consumer.endGroup();
                }
                consumer.endField(repeated.getName(), 0);
            }
            consumer.endGroup();
        }

        private void struct(GroupType type, Object[] values) {
            consumer.startGroup();
            for (int at = 0; at < values.length; at++) {
                field(type.getType(at), at, values[at]);
            }
            consumer.endGroup();
        }
    }
}
