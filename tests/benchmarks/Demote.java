import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.FileMoves;
import io.datapunk.lake.delta.StagedMove;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.spark.LakeSession;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DataPageV2;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;

/** {@code FOLDER ROWS ROUNDS}: see demote.sh. */
public final class Demote {
    private static final PartitionName MONTH =
            PartitionName.of(ActivityTable.DEFINITION.name(), ActivityTable.DEFINITION.partitionColumn().orElseThrow(), "2026-01");
    private static final List<String> CONTENDERS =
            List.of("lake: copy", "lake: copy, verify, commit", "zstd -19 -T2", "spark rewrite");

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;
    private final Path folder;

    private Demote(SparkSession spark, LakeConfig config, LakeHome home, Path folder) {
        this.spark = spark;
        this.config = config;
        this.home = home;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        LakeConfig config = config(folder.resolve("home"));
        LakeHome home = LakeHome.open(config);
        try (SparkSession spark = LakeSession.open(config, home)) {
            new Demote(spark, config, home, folder).run(Long.parseLong(arguments[1]), Integer.parseInt(arguments[2]));
        }
    }

    private static LakeConfig config(Path home) {
        return LakeConfig.load(null, Map.of(), Map.of("lake.home", home.toString()));
    }

    private void run(long rows, int rounds) throws Exception {
        write(rows);
        demote(new double[2]); // warms all of it up
        long pages = writePages();
        System.out.printf(
                Locale.ROOT,
                "%,d rows in %d files, %,d MB warm, %,d MB of decompressed pages%n",
                rows,
                files().files().size(),
                files().bytes() / 1_000_000,
                pages / 1_000_000);
        double[][] times = new double[CONTENDERS.size()][rounds];
        for (int round = 0; round < rounds; round++) {
            double[] lake = new double[2];
            long coldBytes = demote(lake);
            times[0][round] = lake[0];
            times[1][round] = lake[1];
            times[2][round] = Stopwatch.seconds(this::zstd);
            times[3][round] = Stopwatch.seconds(this::rewrite);
            System.out.printf(Locale.ROOT, "round %d", round + 1);
            for (int contender = 0; contender < CONTENDERS.size(); contender++) {
                System.out.printf(Locale.ROOT, "  %s %.1f s", CONTENDERS.get(contender), times[contender][round]);
            }
            System.out.printf(
                    Locale.ROOT,
                    "  (MB: lake %d, zstd %d, spark %d)%n",
                    coldBytes / 1_000_000,
                    Files.size(folder.resolve("pages.zst")) / 1_000_000,
                    size(folder.resolve("rewritten")) / 1_000_000);
        }
        System.out.printf(
                Locale.ROOT,
                "medians: copy %.2f of zstd -19 -T2; copy, verify and commit %.2f of zstd -19 -T2, %.2f of Spark's rewrite%n",
                median(times[0]) / median(times[2]),
                median(times[1]) / median(times[2]),
                median(times[1]) / median(times[3]));
    }

    private void write(long rows) {
        DeltaTables.ensure(spark, home, ActivityTable.DEFINITION);
        new DeltaAppend(spark, home).append(ActivityTable.DEFINITION, spark.range(rows).selectExpr(
                "md5(string(id)) as id",
                "md5(string(-id)) as match_key",
                "concat('user-', id % 1000) as user_id",
                "'google.my-activity.json' as source",
                "'import-1' as import_id",
                "'Takeout/My Activity/Search/MyActivity.json' as entry",
                "id as position",
                "timestamp '2026-02-01 00:00:00' as ingested_at",
                "timestampadd(MICROSECOND, hash(id) % 1000000000, timestamp '2026-01-15 00:00:00') as event_time",
                "'Search' as product",
                "'searched' as kind",
                "concat_ws(' ', 'Searched for', " + word(1) + ", " + word(2) + ", " + word(3) + ") as title",
                "concat('https://www.example.org/search?q=', " + word(1) + ", '+', " + word(2) + ") as url",
                "'2026-01' as month"));
    }

    /** One of about twenty thousand words, the first ones more often. */
    private static String word(int number) {
        return "lower(conv(string(pow(pmod(xxhash64(id, " + number + "), 141), 2) * 131 + 46656), 10, 36))";
    }

    private PartitionFiles files() {
        return files(home);
    }

    private static PartitionFiles files(LakeHome home) {
        return new TableLog(home).snapshot(MONTH.dataset()).flatMap(snapshot -> snapshot.partition(MONTH)).orElseThrow();
    }

    /**
     * Moves the month in a copy of the lake.
     *
     * @param seconds becomes how long the copy took, and the whole move
     * @return bytes in the cold tier
     */
    private long demote(double[] seconds) throws Exception {
        Path clone = folder.resolve("clone");
        run("cp", "-r", folder.resolve("home").toString(), clone.toString());
        LakeHome lake = LakeHome.open(config(clone));
        FileMoves moves = new FileMoves(spark, lake, config.tiering(MONTH.dataset()), key -> {});
        long begin = System.nanoTime();
        StagedMove move = moves.copy(files(lake), Tier.COLD);
        seconds[0] = (System.nanoTime() - begin) / 1e9;
        if (!moves.verify(move).matches()) {
            throw new IllegalStateException("the copy is not the source");
        }
        moves.commit(List.of(move), Instant.now());
        seconds[1] = (System.nanoTime() - begin) / 1e9;
        long bytes = files(lake).bytes();
        run("rm", "-r", clone.toString());
        DeltaLog.clearCache();
        return bytes;
    }

    /** Every page's bytes, decompressed, one behind the other. */
    private long writePages() throws IOException {
        Configuration configuration = new Configuration(false);
        Path pages = folder.resolve("pages");
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(pages))) {
            for (var file : files().files()) {
                var path = new org.apache.hadoop.fs.Path(home.tablePath(MONTH.dataset()), file.path());
                try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, configuration))) {
                    for (PageReadStore group = reader.readNextRowGroup(); group != null; group = reader.readNextRowGroup()) {
                        for (var column : reader.getFileMetaData().getSchema().getColumns()) {
                            writePages(group.getPageReader(column), out);
                        }
                    }
                }
            }
        }
        return Files.size(pages);
    }

    private static void writePages(PageReader reader, OutputStream out) throws IOException {
        DictionaryPage dictionary = reader.readDictionaryPage();
        if (dictionary != null) {
            dictionary.getBytes().writeAllTo(out);
        }
        for (DataPage page = reader.readPage(); page != null; page = reader.readPage()) {
            if (page instanceof DataPageV1 first) {
                first.getBytes().writeAllTo(out);
            } else {
                ((DataPageV2) page).getData().writeAllTo(out);
            }
        }
    }

    private void zstd() throws Exception {
        run("zstd", "-19", "-T2", "-q", "-f", folder.resolve("pages").toString(), "-o", folder.resolve("pages.zst").toString());
    }

    private static void run(String... command) throws Exception {
        if (new ProcessBuilder(command).inheritIO().start().waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + " failed");
        }
    }

    private void rewrite() {
        spark.read()
                .format("delta")
                .load(home.tablePath(MONTH.dataset()))
                .write()
                .mode("overwrite")
                .option("compression", "zstd")
                .option("parquet.compression.codec.zstd.level", "19")
                .parquet(folder.resolve("rewritten").toString());
    }

    private static long size(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        }
    }

    private static double median(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
