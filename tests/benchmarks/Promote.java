import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.postgres.HotLoad;
import io.datapunk.lake.postgres.HotStore;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.spark.LakeSession;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.postgresql.PGConnection;

/** {@code HOME ROWS ROUNDS}: see promote.sh. */
public final class Promote {
    private static final PartitionName MONTH =
            PartitionName.of(ActivityTable.DEFINITION.name(), ActivityTable.DEFINITION.partitionColumn().orElseThrow(), "2026-01");
    private static final int ROWS_OF_A_USER = 1000;

    private final PostgresConnection server;
    private final Path folder;
    private String leaf;

    private Promote(PostgresConnection server, Path folder) {
        this.server = server;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        long rows = Long.parseLong(arguments[1]);
        int rounds = Integer.parseInt(arguments[2]);
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", folder.toString()));
        LakeHome home = LakeHome.open(config);
        try (PostgresServer server = PostgresServer.open(config.postgres(), home);
                SparkSession spark = LakeSession.open(config, home)) {
            new Promote(server.connection(), folder).run(spark, home, rows, rounds);
        }
    }

    private void run(SparkSession spark, LakeHome home, long rows, int rounds) throws Exception {
        write(spark, home, rows);
        PartitionFiles files = new TableLog(home)
                .snapshot(MONTH.dataset())
                .flatMap(snapshot -> snapshot.partition(MONTH))
                .orElseThrow();
        Dataset<Row> source = spark.read()
                .format("delta")
                .load(home.tablePath(MONTH.dataset()))
                .where("month = '2026-01'");
        HotStore store = HotStore.open(server, 1);
        promote(store, spark, files, source); // warms all of it up, and makes the table that the files are read from
        export("csv");
        export("binary");
        System.out.printf(
                Locale.ROOT,
                "%,d rows, %,d MB of Parquet, %,d MB of CSV%n",
                rows,
                files.bytes() / 1_000_000,
                Files.size(folder.resolve("rows.csv")) / 1_000_000);
        List<double[]> times = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            double[] seconds = {
                Stopwatch.seconds(() -> promote(store, spark, files, source)),
                Stopwatch.seconds(() -> copy("csv")),
                Stopwatch.seconds(() -> copy("binary")),
                Stopwatch.seconds(() -> jdbc(source))
            };
            System.out.printf(
                    Locale.ROOT,
                    "round %d  promote %.1f s  copy csv %.1f s  copy binary %.1f s  spark jdbc %.1f s%n",
                    round,
                    seconds[0],
                    seconds[1],
                    seconds[2],
                    seconds[3]);
            times.add(seconds);
        }
        double promote = median(times, 0);
        System.out.printf(
                Locale.ROOT,
                "medians: promote %.1f s = %.2f of copy csv, %.2f of copy binary; spark jdbc takes %.1f of promote%n",
                promote,
                promote / median(times, 1),
                promote / median(times, 2),
                median(times, 3) / promote);
    }

    private static void write(SparkSession spark, LakeHome home, long rows) {
        DeltaTables.ensure(spark, home, ActivityTable.DEFINITION);
        long users = Math.max(1, rows / ROWS_OF_A_USER);
        new DeltaAppend(spark, home)
                .append(
                        ActivityTable.DEFINITION,
                        spark.range(rows)
                                .selectExpr(
                                        "md5(string(id)) as id",
                                        "md5(string(-id)) as match_key",
                                        "concat('user-', id % " + users + ") as user_id",
                                        "'google.my-activity.json' as source",
                                        "'import-1' as import_id",
                                        "'Takeout/My Activity/Search/MyActivity.json' as entry",
                                        "id as position",
                                        "timestamp '2026-02-01 00:00:00' as ingested_at",
                                        "timestampadd(MICROSECOND, hash(id) % 1000000000, timestamp '2026-01-15 00:00:00')"
                                                + " as event_time",
                                        "'Search' as product",
                                        "'searched' as kind",
                                        "concat('Searched for ', md5(string(id * 7))) as title",
                                        "concat('https://www.example.org/search?q=', md5(string(id * 7))) as url",
                                        "'2026-01' as month"));
    }

    /** Load, verify, serve: what one promotion is. */
    private void promote(HotStore store, SparkSession spark, PartitionFiles files, Dataset<Row> source) {
        HotLoad load = store.load(spark, ActivityTable.DEFINITION, files, source);
        if (!store.verify(load).matches()) {
            throw new IllegalStateException("the copy is not the source");
        }
        store.serve(load, Instant.now());
        leaf = "lake_hot.\"" + load.leaf() + "\"";
        // Not at once, so that a round does not find the disk full.
        store.reclaim(Instant.now().plusSeconds(1), java.time.Duration.ZERO);
    }

    /** What `\copy … from file` does, and the same key, index and statistics afterwards. */
    private void copy(String format) throws Exception {
        try (Connection connection = connect();
                InputStream rows = Files.newInputStream(folder.resolve("rows." + format))) {
            emptyTable(connection);
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyIn("COPY plain FROM STDIN (FORMAT " + format + ")", rows, 1 << 16);
            finish(connection);
        }
    }

    private void jdbc(Dataset<Row> source) throws Exception {
        try (Connection connection = connect()) {
            emptyTable(connection);
            Properties properties = new Properties();
            properties.setProperty("user", server.user());
            properties.setProperty("password", server.password().get());
            properties.setProperty("driver", "org.postgresql.Driver");
            source.write().mode("append").option("batchsize", 10_000).jdbc(server.url(), "plain", properties);
            finish(connection);
        }
    }

    private void emptyTable(Connection connection) throws SQLException {
        execute(connection, "DROP TABLE IF EXISTS plain");
        execute(connection, "CREATE TABLE plain (LIKE " + leaf + " INCLUDING DEFAULTS INCLUDING STORAGE)");
    }

    private static void finish(Connection connection) throws SQLException {
        execute(connection, "SET maintenance_work_mem = '256MB'");
        execute(connection, "ALTER TABLE plain ADD PRIMARY KEY (id, month)");
        execute(connection, "CREATE INDEX ON plain (user_id, event_time DESC) INCLUDE (id)");
        execute(connection, "ANALYZE plain");
    }

    private void export(String format) throws Exception {
        try (Connection connection = connect();
                OutputStream out = Files.newOutputStream(folder.resolve("rows." + format))) {
            connection
                    .unwrap(PGConnection.class)
                    .getCopyAPI()
                    .copyOut("COPY " + leaf + " TO STDOUT (FORMAT " + format + ")", out);
        }
    }

    private Connection connect() throws SQLException {
        return DriverManager.getConnection(server.url(), server.user(), server.password().get());
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static double median(List<double[]> times, int column) {
        double[] sorted = times.stream().mapToDouble(round -> round[column]).sorted().toArray();
        return sorted[sorted.length / 2];
    }
}
