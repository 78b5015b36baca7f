package io.datapunk.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.encryption.FileEncryption;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PageTranscoderTest {
    private static final long ROWS = 6_000;

    private final SparkSession spark = LocalSpark.session();
    private final Configuration configuration = new Configuration();

    @TempDir
    java.nio.file.Path folder;

    @ParameterizedTest
    @CsvSource({
        "snappy, v1, TIMESTAMP_MICROS",
        "zstd,   v2, TIMESTAMP_MICROS",
        "lz4_raw, v1, INT96",
        "gzip,   v2, INT96",
        "uncompressed, v1, TIMESTAMP_MILLIS"
    })
    void keepsWhatAnyWriterWroteThereAndBack(String codec, String pages, String timestamps) throws IOException {
        Path source = write(codec, pages, timestamps);
        Path cold = new Path(folder + "/cold.parquet");
        Path warm = new Path(folder + "/warm.parquet");

        assertThat(new PageTranscoder(configuration, FileCodec.cold(19)).transcode(source, cold))
                .isEqualTo(ROWS);
        assertThat(new PageTranscoder(configuration, FileCodec.warm()).transcode(cold, warm))
                .isEqualTo(ROWS);

        List<Row> rows = inFileOrder(source);
        assertThat(rows).hasSize((int) ROWS);
        assertThat(inFileOrder(cold)).isEqualTo(rows);
        assertThat(inFileOrder(warm)).isEqualTo(rows);
        assertThat(shape(cold)).isEqualTo(shape(source)).hasSizeGreaterThan(13);
        assertThat(shape(warm)).isEqualTo(shape(source));
        assertThat(codecs(cold)).containsOnly(CompressionCodecName.ZSTD);
        assertThat(codecs(warm)).containsOnly(CompressionCodecName.LZ4_RAW);
        // Bounds may be cut to a prefix, so filters say more than comparing footers would.
        assertThat(spark.read()
                        .parquet(cold.toString())
                        .where("text >= 'text 599'")
                        .count())
                .isEqualTo(spark.read()
                        .parquet(source.toString())
                        .where("text >= 'text 599'")
                        .count())
                .isPositive();
        assertThat(spark.read().parquet(cold.toString()).where("d > 5900").count())
                .isEqualTo(spark.read()
                        .parquet(source.toString())
                        .where("d > 5900")
                        .count())
                .isPositive();
    }

    @ParameterizedTest
    @CsvSource({"v1, TIMESTAMP_MICROS", "v1, INT96", "v2, TIMESTAMP_MICROS"})
    void encryptsEveryPageAndTakesItOffAgain(String pages, String timestamps) throws IOException {
        Path source = write("lz4_raw", pages, timestamps);
        Path encrypted = new Path(folder + "/cold.parquet");
        Path plain = new Path(folder + "/warm.parquet");
        Configuration keyed = new Configuration();
        keyed.set("lake.encryption.keystore", keystore().toString());
        keyed.set("lake.encryption.keystore.password", "secret");
        Configuration encrypting = new Configuration(keyed);
        FileEncryption.begin(
                encrypting,
                folder + "/keys",
                DatasetName.parse("user_data.activity"),
                LakeConfig.load(null, Map.of(), Map.of()).tiering().cold(),
                key -> {});
        keyed.set("parquet.crypto.factory.class", encrypting.get("parquet.crypto.factory.class"));
        keyed.set("lake.encryption.keys", folder + "/keys");

        new PageTranscoder(encrypting, new FileCodec(CompressionCodecName.UNCOMPRESSED, 0))
                .transcode(source, encrypted);
        new PageTranscoder(keyed, FileCodec.warm()).transcode(encrypted, plain);

        assertThat(FileEncryption.check(encrypting, encrypted).getLen()).isPositive();
        assertThat(FileEncryption.check(keyed, plain).getLen()).isPositive();
        assertThat(inFileOrder(plain)).isEqualTo(inFileOrder(source)).hasSize((int) ROWS);
        assertThat(shape(plain)).isEqualTo(shape(source));
        // Not compressed, so whatever is not encrypted can be found: values, bounds, names of columns.
        for (String known : List.of("text 5999", "kind 1", "long long long", "structs", "spark_schema")) {
            assertThat(bytes(encrypted)).as(known).doesNotContain(known);
        }
        assertThatThrownBy(() -> inFileOrder(encrypted)).hasStackTraceContaining("encrypted footer");
        assertThatThrownBy(() -> FileEncryption.check(keyed, encrypted))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("it ends with PARE and not with PAR1");
    }

    private java.nio.file.Path keystore() {
        try {
            KeyStore keys = KeyStore.getInstance("PKCS12");
            keys.load(null, null);
            keys.setKeyEntry("lake-cold-1", new SecretKeySpec(new byte[32], "AES"), "secret".toCharArray(), null);
            java.nio.file.Path file = folder.resolve("keys.p12");
            try (OutputStream out = Files.newOutputStream(file)) {
                keys.store(out, "secret".toCharArray());
            }
            return file;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String bytes(Path file) throws IOException {
        return Files.readString(java.nio.file.Path.of(file.toString()), StandardCharsets.ISO_8859_1);
    }

    @Test
    void compressesAtTheLevelThatItIsToldTo() throws IOException {
        String words = "array_join(transform(sequence(1, 40),"
                + " i -> concat('word', cast(pmod(hash(id, i), 300) as string))), ' ') as text";
        String target = folder + "/words";
        spark.range(0, ROWS, 1, 1)
                .selectExpr(words)
                .write()
                .option("compression", "lz4_raw")
                .parquet(target);
        Path source = onlyFile(target);
        Path fast = new Path(folder + "/fast.parquet");
        Path dense = new Path(folder + "/dense.parquet");

        new PageTranscoder(configuration, FileCodec.cold(1)).transcode(source, fast);
        new PageTranscoder(configuration, FileCodec.cold(19)).transcode(source, dense);

        assertThat(length(dense)).isLessThan(length(fast)).isLessThan(length(source));
    }

    @Test
    void neverWritesOverAFile() throws IOException {
        Path source = write("lz4_raw", "v1", "TIMESTAMP_MICROS");
        PageTranscoder transcoder = new PageTranscoder(configuration, FileCodec.warm());

        assertThatThrownBy(() -> transcoder.transcode(source, source)).isInstanceOf(IOException.class);
        assertThat(inFileOrder(source)).hasSize((int) ROWS);
    }

    /** A file of several row groups, each column in several pages: texts, nested values, nulls, NaN. */
    private Path write(String codec, String pages, String timestamps) throws IOException {
        Dataset<Row> rows = spark.range(0, ROWS, 1, 1)
                .selectExpr(
                        "id",
                        "concat('text ', cast(id as string), ' ', repeat('long ', 20)) as text",
                        "if(id % 7 = 0, null, concat('kind ', cast(id % 3 as string))) as few",
                        "if(id % 5 = 0, double('NaN'), cast(id as double)) as d",
                        "timestampadd(SECOND, id, timestamp '2026-01-01 00:00:00') as at",
                        "cast(id as decimal(20, 4)) / 3 as price",
                        "if(id % 9 = 0, null, array('a', cast(id as string), null)) as list",
                        "array(named_struct('n', id, 's', if(id % 2 = 0, null, 'x'))) as structs",
                        "map(cast(id as string), id) as pairs",
                        "cast(null as string) as nothing",
                        "date_add(date '2026-01-01', cast(id % 100 as int)) as day",
                        "encode(cast(id as string), 'UTF-8') as bytes");
        String target = folder + "/source-" + codec + pages + timestamps;
        spark.conf().set("spark.sql.parquet.outputTimestampType", timestamps);
        try {
            DataFrameWriter<Row> writer = rows.write();
            Map.of(
                            "compression", codec,
                            "parquet.writer.version", pages,
                            "parquet.block.size", "262144",
                            "parquet.page.size", "16384",
                            "parquet.page.row.count.limit", "700")
                    .forEach(writer::option);
            writer.parquet(target);
        } finally {
            spark.conf().set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS");
        }
        return onlyFile(target);
    }

    private static Path onlyFile(String target) throws IOException {
        try (var files = java.nio.file.Files.list(java.nio.file.Path.of(target))) {
            return new Path(files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow()
                    .toString());
        }
    }

    private List<Row> inFileOrder(Path file) {
        return spark.read().parquet(file.toString()).coalesce(1).collectAsList();
    }

    private long length(Path file) throws IOException {
        return file.getFileSystem(configuration).getFileStatus(file).getLen();
    }

    private List<CompressionCodecName> codecs(Path file) throws IOException {
        try (ParquetFileReader reader = open(file)) {
            return reader.getRowGroups().stream()
                    .flatMap(block -> block.getColumns().stream())
                    .map(ColumnChunkMetaData::getCodec)
                    .distinct()
                    .toList();
        }
    }

    /** Row groups, encodings, pages and nulls of each column. */
    private List<String> shape(Path file) throws IOException {
        List<String> shape = new ArrayList<>();
        try (ParquetFileReader reader = open(file)) {
            for (BlockMetaData block : reader.getRowGroups()) {
                for (ColumnChunkMetaData column : block.getColumns()) {
                    Statistics<?> statistics = column.getStatistics();
                    shape.add(block.getRowCount() + " rows " + column.getPath() + " " + column.getValueCount()
                            + " values " + column.getEncodings() + " "
                            + reader.readOffsetIndex(column).getPageCount() + " pages "
                            + statistics.getNumNulls() + " nulls, bounds " + statistics.hasNonNullValue()
                            + ", index " + (reader.readColumnIndex(column) != null));
                }
            }
        }
        return shape;
    }

    private ParquetFileReader open(Path file) throws IOException {
        return ParquetFileReader.open(HadoopInputFile.fromPath(file, configuration));
    }
}
