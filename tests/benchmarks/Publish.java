import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.testkit.PgvectorServer;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.vectors.publish.PublishJob;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/** {@code FOLDER ROWS DIMENSIONS}: see publish.sh. */
public final class Publish {
    private static final int QUERIES = 200;
    private static final int NEIGHBOURS = 10;

    private final SparkSession spark;
    private final Path folder;
    private final PostgresConnection server = PgvectorServer.emptyDatabase();

    private Publish(SparkSession spark, Path folder) {
        this.spark = spark;
        this.folder = folder;
    }

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        LakeConfig config = config(folder, "");
        try (SparkSession spark = LakeSession.open(config, LakeHome.open(config))) {
            Publish publish = new Publish(spark, folder);
            long rows = Long.parseLong(arguments[1]);
            MadeVectors made = new MadeVectors(spark, LakeHome.open(config), Integer.parseInt(arguments[2]));
            double seconds = Stopwatch.seconds(() -> made.append(0, rows));
            System.out.printf(Locale.ROOT, "%,d vectors of %s dimensions, made in %.0f s%n", rows, arguments[2], seconds);
            publish.run("hnsw", "hnsw.ef_search", List.of(20, 40, 100, 200, 400));
            publish.run("ivf", "ivfflat.probes", List.of(1, 4, 10, 32, 100));
        }
    }

    private static LakeConfig config(Path folder, String keys) throws Exception {
        Path file = Files.writeString(
                folder.resolve("lake.conf"),
                "lake.vectors.recall.sample = " + QUERIES + "\nlake.vectors.collections.made {"
                        + " source = \"user_data.documents\", vector = embedding, recall = 0.5\n" + keys + " }");
        return LakeConfig.load(file, Map.of(), Map.of("lake.home", folder.resolve("home").toString()));
    }

    private void run(String index, String setting, List<Integer> values) throws Exception {
        LakeConfig config = config(folder, "index = " + index);
        Steps steps = new Steps();
        PublishJob.Report report = new PublishJob(spark, config, LakeHome.open(config), server)
                .run(new PublishJob.Request("made", Instant.now(), false), steps);
        System.out.println(report.layout());
        report.warnings().forEach(warning -> System.out.println("  " + warning));
        System.out.printf(
                Locale.ROOT,
                "  load %.1f s, verify %.1f s, build %.1f s, measure %d searches %.1f s, swap %.2f s; index %s, table %s%n",
                steps.seconds.get(0),
                steps.seconds.get(1),
                steps.seconds.get(2),
                QUERIES,
                steps.seconds.get(3),
                steps.seconds.get(4),
                text("SELECT pg_size_pretty(sum(pg_relation_size(indexrelid))) FROM pg_index"
                        + " WHERE indrelid = 'vectors.made'::regclass AND NOT indisprimary"),
                text("SELECT pg_size_pretty(pg_total_relation_size('vectors.made'))"));
        System.out.printf(
                Locale.ROOT,
                "  the job: recall@%d %.4f with %s, %.2f ms%n",
                NEIGHBOURS,
                report.measured().orElseThrow().recall(),
                report.searchSetting(),
                report.measured().orElseThrow().milliseconds());
        sweep(setting, values);
    }

    private void sweep(String setting, List<Integer> values) throws SQLException {
        try (Connection connection = SharedPostgres.connect(server);
                Statement statement = connection.createStatement()) {
            statement.execute("SET jit = off");
            List<String> queries = texts(statement, "SELECT id FROM vectors.made ORDER BY md5(id) LIMIT " + QUERIES);
            statement.execute("SET enable_indexscan = off");
            List<List<String>> truths = new ArrayList<>();
            long begin = System.nanoTime();
            for (String query : queries) {
                truths.add(nearest(statement, query));
            }
            System.out.printf(Locale.ROOT, "  comparing everything: %.1f ms%n", milliseconds(begin) / QUERIES);
            statement.execute("SET enable_indexscan = on");
            statement.execute("SET enable_seqscan = off");
            for (int value : values) {
                statement.execute("SET " + setting + " = " + value);
                long found = 0;
                begin = System.nanoTime();
                for (int i = 0; i < queries.size(); i++) {
                    Set<String> hits = new HashSet<>(nearest(statement, queries.get(i)));
                    hits.retainAll(truths.get(i));
                    found += hits.size();
                }
                System.out.printf(
                        Locale.ROOT,
                        "  %s = %d: recall@%d %.4f, %.2f ms%n",
                        setting,
                        value,
                        NEIGHBOURS,
                        (double) found / queries.size() / NEIGHBOURS,
                        milliseconds(begin) / QUERIES);
            }
        }
    }

    private static List<String> nearest(Statement statement, String id) throws SQLException {
        return texts(
                statement,
                "SELECT id FROM vectors.made WHERE id <> '" + id + "' ORDER BY embedding <=> (SELECT embedding FROM"
                        + " vectors.made WHERE id = '" + id + "') LIMIT " + NEIGHBOURS);
    }

    private static double milliseconds(long begin) {
        return (System.nanoTime() - begin) / 1e6;
    }

    private String text(String query) throws SQLException {
        try (Connection connection = SharedPostgres.connect(server);
                Statement statement = connection.createStatement()) {
            return texts(statement, query).get(0);
        }
    }

    private static List<String> texts(Statement statement, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }

    /** How long each step took. */
    private static final class Steps implements Progress {
        private final List<Double> seconds = new ArrayList<>();

        @Override
        public Stage begin(String stage, long total, String unit) {
            return new Stage() {
                private long begin = System.nanoTime();

                @Override
                public void advance(long amount) {
                    seconds.add((System.nanoTime() - begin) / 1e9);
                    begin = System.nanoTime();
                }

                @Override
                public void close() {}
            };
        }
    }
}
