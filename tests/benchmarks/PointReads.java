import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.postgres.HotLoad;
import io.datapunk.lake.postgres.HotStore;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.spark.LakeSession;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** {@code HOME ROWS MONTHS CLIENTS SECONDS}: see point-reads.sh. */
public final class PointReads {
    private static final YearMonth FIRST_MONTH = YearMonth.of(2025, 1);
    private static final int ROWS_OF_A_USER = 1000;
    private static final long WARM_UP_NANOS = 5_000_000_000L;

    private final PostgresConnection server;
    private final long users;

    private PointReads(PostgresConnection server, long users) {
        this.server = server;
        this.users = users;
    }

    public static void main(String[] arguments) throws Exception {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", arguments[0]));
        LakeHome home = LakeHome.open(config);
        long rows = Long.parseLong(arguments[1]);
        int months = Integer.parseInt(arguments[2]);
        try (PostgresServer server = PostgresServer.open(config.postgres(), home);
                SparkSession spark = LakeSession.open(config, home)) {
            PointReads reads = new PointReads(server.connection(), Math.max(1, rows / ROWS_OF_A_USER));
            reads.load(spark, rows / months, months);
            for (String clients : arguments[3].split(",")) {
                reads.read(Integer.parseInt(clients), Integer.parseInt(arguments[4]));
            }
        }
    }

    private void load(SparkSession spark, long rowsOfAMonth, int months) {
        HotStore store = HotStore.open(server, 1);
        long bytes = 0;
        for (int month = 0; month < months; month++) {
            String name = FIRST_MONTH.plusMonths(month).toString();
            PartitionFiles files = new PartitionFiles(
                    PartitionName.of(ActivityTable.DEFINITION.name(), "month", name),
                    1,
                    List.of(new DataFile("month=" + name + "/1.parquet", 1, 0, rowsOfAMonth, Map.of(), "")));
            HotLoad load = store.load(spark, ActivityTable.DEFINITION, files, rows(spark, rowsOfAMonth, name));
            if (!store.verify(load).matches()) {
                throw new IllegalStateException("the copy is not the source");
            }
            store.serve(load, Instant.now());
            bytes += load.bytes();
            System.out.printf(Locale.ROOT, "%s served, %,d MB so far%n", name, bytes / 1_000_000);
        }
        System.out.printf(Locale.ROOT, "%,d rows of %,d users in %d months%n", rowsOfAMonth * months, users, months);
    }

    /** As files have them: by user. */
    private Dataset<Row> rows(SparkSession spark, long rows, String month) {
        String seed = "concat('" + month + "', id)";
        Dataset<Row> some = spark.range(0, rows, 1, 32)
                .selectExpr(
                        "md5(" + seed + ") as id",
                        "md5(concat(" + seed + ", '-')) as match_key",
                        "concat('user-', cast(id * " + users + "D / " + rows + " as bigint)) as user_id",
                        "'google.my-activity.json' as source",
                        "'import-1' as import_id",
                        "'Takeout/My Activity/Search/MyActivity.json' as entry",
                        "id as position",
                        "timestamp '2026-02-01 00:00:00' as ingested_at",
                        "timestampadd(SECOND, pmod(hash(" + seed + "), 28 * 86400), timestamp '" + month
                                + "-01 00:00:00') as event_time",
                        "'Search' as product",
                        "'searched' as kind",
                        "concat('Searched for ', md5(" + seed + ")) as title",
                        "concat('https://www.example.org/search?q=', md5(" + seed + ")) as url",
                        "'" + month + "' as month");
        return some.select(Stream.of(DeltaSchemas.structType(ActivityTable.DEFINITION).fields())
                .map(field -> List.of(some.columns()).contains(field.name())
                        ? functions.col(field.name())
                        : functions.lit(null).cast(field.dataType()).as(field.name()))
                .toArray(Column[]::new));
    }

    private void read(int clients, int seconds) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(clients);
        List<Callable<double[]>> work = new ArrayList<>();
        for (int client = 0; client < clients; client++) {
            SplittableRandom random = new SplittableRandom(client);
            work.add(() -> read(random, seconds));
        }
        double[] millis = new double[0];
        for (Future<double[]> part : threads.invokeAll(work)) {
            int old = millis.length;
            millis = Arrays.copyOf(millis, old + part.get().length);
            System.arraycopy(part.get(), 0, millis, old, part.get().length);
        }
        threads.shutdown();
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "a user's last 100 activities, %d clients, %,d reads in %d s: p50 %.2f ms, p99 %.2f ms, p99.9 %.2f ms,"
                        + " largest %.2f ms%n",
                clients,
                millis.length,
                seconds,
                millis[millis.length / 2],
                millis[(int) (millis.length * 0.99)],
                millis[(int) (millis.length * 0.999)],
                millis[millis.length - 1]);
    }

    private double[] read(SplittableRandom random, int seconds) throws SQLException {
        List<Double> millis = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(
                        server.url(), server.user(), server.password().get());
                PreparedStatement query = connection.prepareStatement("SELECT id, event_time, product, title, url FROM"
                        + " user_data.activity WHERE user_id = ? ORDER BY event_time DESC LIMIT 100")) {
            long begin = System.nanoTime() + WARM_UP_NANOS;
            long end = begin + seconds * 1_000_000_000L;
            for (long now = System.nanoTime(); now < end; ) {
                query.setString(1, "user-" + random.nextLong(users));
                int found = 0;
                try (ResultSet rows = query.executeQuery()) {
                    for (; rows.next(); found++) {
                        rows.getString(4);
                    }
                }
                if (found != 100) {
                    throw new IllegalStateException("a user has " + found + " activities");
                }
                long after = System.nanoTime();
                if (now >= begin) {
                    millis.add((after - now) / 1e6);
                }
                now = after;
            }
        }
        return millis.stream().mapToDouble(Double::doubleValue).toArray();
    }
}
