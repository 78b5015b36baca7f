package io.datapunk.archive.create;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.testkit.KeystoreFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A stranger verifies and opens packages with sha256sum, zstd, Python and DuckDB, as their README.txt says. Needs the first
 * three, and a package index for Python's cryptography and duckdb.
 */
@Tag("full")
class StockToolsTest {
    private static final PartitionName JANUARY = PartitionName.parse("user_data.activity/month=2026-01");

    @TempDir
    private static Path folder;

    private static ArchiveFixture lake;
    private static Path export;
    private static Path ofAnExport;
    private static Path ofAPartition;

    /** What Spark reads of the partition before anything is packed. */
    private static List<JsonNode> rows;

    @BeforeAll
    static void twoPackagesAndSomebodysPython() throws Exception {
        lake = new ArchiveFixture(folder);
        export = Files.createDirectories(folder.resolve("Takeout/Notes"));
        Files.writeString(export.resolve("long.txt"), "a line that comes again and again\n".repeat(150_000));
        Files.writeString(export.resolve("ä short.txt"), "short");
        Files.write(export.resolve("empty"), new byte[0]);
        ofAnExport =
                lake.archive().resolve(lake.create(export.getParent(), "ann").path());

        lake.activities("2026-01", 0, 300);
        lake.sql("UPDATE delta.`" + lake.home.tablePath(ActivityTable.DEFINITION.name())
                + "` SET title = concat('Zürich \"', id, '\"\\n'), latitude = position / 7.0D,"
                + " event_time = event_time + INTERVAL 7 MICROSECONDS");
        rows = json(lake
                .sql("SELECT to_json(struct(*), map('ignoreNullFields', 'false')) FROM (SELECT "
                        + columns(time -> "unix_micros(" + time + ")")
                        + " FROM user_data.activity WHERE month = '2026-01') ORDER BY position")
                .stream()
                .map(row -> row.getString(0)));
        ofAPartition = lake.archive()
                .resolve(new CreatePartitionPackageJob(lake.spark, lake.config, lake.home)
                        .run(
                                new CreatePartitionPackageJob.Request(JANUARY, "a test", ArchiveFixture.NOW),
                                Progress.NONE)
                        .path());

        run(folder, "python3", "-m", "venv", "venv");
        run(folder, "venv/bin/pip", "install", "--quiet", "cryptography", "duckdb");
    }

    @Test
    void sha256sumVerifiesThem() throws Exception {
        for (Path bag : List.of(ofAnExport, ofAPartition)) {
            assertThat(run(bag, "sha256sum", "--check", "--strict", "tagmanifest-sha256.txt"))
                    .contains("segments.ndjson: OK", "manifest-sha256.txt: OK");
            assertThat(run(bag, "sha256sum", "--check", "--strict", "manifest-sha256.txt"))
                    .contains(".pack: OK");
        }
    }

    @Test
    void anExportsOwnScriptOpensIt() throws Exception {
        open(ofAnExport, folder.resolve("export"));

        SortedMap<String, byte[]> opened =
                ArchiveFixture.files(folder.resolve("export/person-" + ArchiveFixture.ANN + "/Takeout"));
        SortedMap<String, byte[]> expected = ArchiveFixture.files(export.getParent());
        assertThat(opened.keySet()).isEqualTo(expected.keySet());
        expected.forEach((file, bytes) -> assertThat(opened.get(file)).as(file).isEqualTo(bytes));
    }

    @Test
    void duckDbReadsAPartitionsRowsAsSparkDoes() throws Exception {
        open(ofAPartition, folder.resolve("partition"));

        String read = run(
                folder,
                "venv/bin/python",
                "-c",
                "import duckdb, sys; [print(row[0]) for row in duckdb.sql(sys.argv[1]).fetchall()]",
                "SELECT to_json(activity) FROM (SELECT " + columns(time -> "epoch_us(" + time + ")")
                        + " FROM read_parquet('partition/*/*/*/*.parquet', hive_partitioning = false)) AS activity"
                        + " ORDER BY position");

        assertThat(json(read.lines())).hasSize(300).isEqualTo(rows);
    }

    /** The script deciphers, and leaves the rest to zstd: what it passes on are files of zstd's. */
    @Test
    void zstdItselfTakesEverySegmentThatWasDeciphered() throws Exception {
        Path tools = Files.createDirectory(folder.resolve("tools"));
        Path keeping = Files.writeString(tools.resolve("zstd"), """
                #!/bin/sh
                # Keeps what it is given, and passes it on to the real one.
                tee "$(mktemp --suffix=.zst "$0.XXXXXX")" | { PATH=${PATH#*:}; zstd "$@"; }
                """);
        Files.setPosixFilePermissions(keeping, PosixFilePermissions.fromString("rwxr-xr-x"));

        open(ofAPartition, folder.resolve("again"), tools + ":" + System.getenv("PATH"));

        List<String> frames = ArchiveFixture.files(tools).keySet().stream()
                .filter(file -> file.endsWith(".zst"))
                .toList();
        assertThat(frames).hasSameSizeAs(Files.readAllLines(ofAPartition.resolve("segments.ndjson")));
        List<String> test = new ArrayList<>(List.of("zstd", "--test", "--long=27"));
        test.addAll(frames);
        run(tools, test.toArray(String[]::new));
        assertThat(run(tools, "zstd", "--list", "--verbose", frames.get(0)))
                .contains("Zstandard Frames: 1", "Check: XXH64");
    }

    private static void open(Path bag, Path target) throws Exception {
        open(bag, target, System.getenv("PATH"));
    }

    private static void open(Path bag, Path target, String path) throws Exception {
        runWith(
                path,
                bag,
                folder.resolve("venv/bin/python").toString(),
                "open-package.py",
                lake.home.keysPath(),
                "lake-archive-1=" + masterKey(),
                target.toString());
    }

    private static String masterKey() throws GeneralSecurityException, IOException {
        char[] password = KeystoreFile.PASSWORD.toCharArray();
        KeyStore keys = KeyStore.getInstance(folder.resolve("keys.p12").toFile(), password);
        return HexFormat.of().formatHex(keys.getKey("lake-archive-1", password).getEncoded());
    }

    /** All columns of the table; times as microseconds since the epoch, which both sides write in one way. */
    private static String columns(UnaryOperator<String> micros) {
        return Stream.of(lake.spark.table("user_data.activity").schema().fields())
                .map(column -> column.dataType().equals(DataTypes.TimestampType)
                        ? micros.apply(column.name()) + " AS " + column.name()
                        : column.name())
                .collect(Collectors.joining(", "));
    }

    private static List<JsonNode> json(Stream<String> lines) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        List<JsonNode> read = new ArrayList<>();
        for (String line : lines.toList()) {
            read.add(mapper.readTree(line));
        }
        return read;
    }

    private static String run(Path directory, String... command) throws IOException, InterruptedException {
        return runWith(System.getenv("PATH"), directory, command);
    }

    private static String runWith(String path, Path directory, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
        builder.environment().put("PATH", path);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as("%s: %s", List.of(command), output).isZero();
        return output;
    }
}
