package io.datapunk.lake.delta;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.ReadSupport;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.metadata.FileMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.hadoop.util.HadoopOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** The rows of a person in one Parquet file, wherever it lies. */
public final class PersonFile {
    private final Path file;
    private final String column;
    private final Set<String> values;
    private final Configuration store;

    /**
     * @param column by which rows are known
     * @param values that his rows have there
     */
    PersonFile(Path file, String column, Set<String> values, Configuration store) {
        this.file = file;
        this.column = column;
        this.values = values;
        this.store = store;
    }

    /**
     * A file that belongs to no table, as one out of a backup; the names of its columns are those of its table.
     *
     * @return empty where nobody's rows can be told in it
     * @throws IOException where it is no Parquet
     */
    public static Optional<PersonFile> of(java.nio.file.Path file, Person person, Configuration store)
            throws IOException {
        Path path = new Path(file.toUri());
        Map<String, Set<String>> columns = person.columns();
        MessageType schema = metadata(path, store).getFileMetaData().getSchema();
        return schema.getFields().stream()
                .filter(field -> columns.containsKey(field.getName()))
                .sorted((one, other) -> Person.ORDER.compare(one.getName(), other.getName()))
                .map(field -> new PersonFile(path, field.getName(), columns.get(field.getName()), store))
                .findFirst()
                .filter(found -> !found.values.isEmpty());
    }

    private static ParquetMetadata metadata(Path file, Configuration store) throws IOException {
        try (ParquetFileReader reader = ParquetFileReader.open(
                HadoopInputFile.fromPath(file, store),
                HadoopReadOptions.builder(store, file).build())) {
            return reader.getFooter();
        }
    }

    /** How many rows are his. */
    public long rows() throws IOException {
        ParquetMetadata footer = metadata(file, store);
        // A table may be partitioned by it: then it stands in the path alone.
        if (values.stream().anyMatch(value -> file.toString().contains("/" + column + "=" + value + "/"))) {
            return Math.max(
                    1,
                    footer.getBlocks().stream()
                            .mapToLong(block -> block.getRowCount())
                            .sum());
        }
        MessageType schema = footer.getFileMetaData().getSchema();
        if (!isText(schema)) {
            return 0;
        }
        Configuration reading = new Configuration(store);
        reading.set(ReadSupport.PARQUET_READ_SCHEMA, new MessageType("person", schema.getType(column)).toString());
        long rows = 0;
        try (ParquetReader<Group> reader = reader(reading, his())) {
            while (reader.read() != null) {
                rows++;
            }
        }
        return rows;
    }

    /**
     * Writes all other rows to a new file, in their order.
     *
     * @return how many
     */
    public long writeOthers(java.nio.file.Path target) throws IOException {
        ParquetMetadata footer = metadata(file, store);
        FileMetaData metadata = footer.getFileMetaData();
        CompressionCodecName codec = footer.getBlocks().isEmpty()
                ? CompressionCodecName.LZ4_RAW
                : footer.getBlocks().get(0).getColumns().get(0).getCodec();
        long rows = 0;
        try (ParquetReader<Group> reader = reader(new Configuration(store), FilterApi.not(his()));
                ParquetWriter<Group> writer = ExampleParquetWriter.builder(
                                HadoopOutputFile.fromPath(new Path(target.toUri()), new Configuration(false)))
                        .withType(metadata.getSchema())
                        .withExtraMetaData(metadata.getKeyValueMetaData())
                        .withCompressionCodec(codec)
                        .build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                writer.write(row);
                rows++;
            }
        }
        return rows;
    }

    private boolean isText(MessageType schema) {
        return schema.containsField(column)
                && schema.getType(column).isPrimitive()
                && schema.getType(column).asPrimitiveType().getPrimitiveTypeName() == PrimitiveTypeName.BINARY;
    }

    private FilterPredicate his() {
        return FilterApi.in(
                FilterApi.binaryColumn(column),
                values.stream().map(Binary::fromString).collect(Collectors.toSet()));
    }

    private ParquetReader<Group> reader(Configuration reading, FilterPredicate rows) throws IOException {
        return ParquetReader.builder(new GroupReadSupport(), file)
                .withConf(reading)
                .withFilter(FilterCompat.get(rows))
                .build();
    }
}
