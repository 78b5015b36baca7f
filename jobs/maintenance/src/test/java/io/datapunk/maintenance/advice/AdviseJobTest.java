package io.datapunk.maintenance.advice;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.HotIndex;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.AccessLogTable;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.AdviceTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.maintenance.advice.Advice.Kind;
import io.datapunk.maintenance.task.Figure;
import io.datapunk.maintenance.task.MaintenanceJob;
import io.datapunk.maintenance.task.Task;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;

/** What is advised to a real server, and of real tables, after they were used in ways that could be better. */
@TestInstance(Lifecycle.PER_CLASS)
class AdviseJobTest {
    /** The server has counted for longer than a week then. */
    private static final Instant NOW = Instant.now().plus(Duration.ofDays(8));

    private final SparkSession spark = SharedSpark.session();
    private final PostgresConnection server = SharedPostgres.migratedDatabase();

    @TempDir
    private static Path folder;

    private LakeHome home;
    private Advised advised;

    @BeforeAll
    void advise() throws SQLException {
        LakeConfig config = LakeConfig.load(
                null, Map.of(), Map.of("lake.home", folder.resolve("home").toString()));
        home = LakeHome.open(config);
        useServer();
        useTables();
        advised = new AdviseJob(config, home, () -> spark, () -> Optional.of(server)).run(NOW, false, Progress.NONE);
    }

    private void useServer() throws SQLException {
        execute(
                "CREATE SCHEMA shop",
                "CREATE TABLE shop.orders (id bigint PRIMARY KEY, customer text, day date, note text)",
                "INSERT INTO shop.orders SELECT n, 'c' || n % 5000, date '2026-01-01' + (n % 300)::int,"
                        + " md5(n::text) || md5((n + 1)::text) FROM generate_series(1, 150000) AS rows(n)",
                "CREATE INDEX orders_day ON shop.orders (day)",
                "CREATE INDEX orders_day_note ON shop.orders (day, note)",
                "CREATE INDEX orders_note ON shop.orders (note)",
                "CREATE SCHEMA user_data",
                "CREATE TABLE user_data.activity (kind text, url text, event_time timestamptz, month text)"
                        + " PARTITION BY LIST (month)");
        for (int month = 1; month <= 4; month++) {
            execute(
                    "CREATE TABLE lake_hot.activity_" + month
                            + " PARTITION OF user_data.activity FOR VALUES IN ('2026-0" + month + "')",
                    "INSERT INTO user_data.activity SELECT 'kind ' || n % 2000, 'https://' || md5(n::text) || '.org/',"
                            + " timestamptz '2026-0" + month + "-01Z' + n * interval '1 minute', '2026-0" + month
                            + "' FROM generate_series(0, 39000) AS rows(n)");
        }
        execute("ANALYZE");
        for (int call = 0; call < 120; call++) {
            execute("SELECT count(*) FROM shop.orders WHERE day = date '2026-02-03' AND note > 'f'");
        }
        for (int call = 0; call < 3; call++) {
            execute(
                    "SELECT * FROM shop.orders WHERE customer = 'c" + call + "'",
                    "SELECT count(*) FROM user_data.activity WHERE kind = 'kind " + call + "' AND month = '2026-01'",
                    "SELECT count(*) FROM user_data.activity WHERE event_time > '2026-02-0" + (call + 1) + "Z'",
                    "SET work_mem = '1MB'",
                    "SELECT * FROM shop.orders ORDER BY md5(note) LIMIT 100000",
                    "RESET work_mem");
        }
        execute("SELECT pg_stat_force_next_flush()");
    }

    private void useTables() {
        append(
                ActivityTable.DEFINITION,
                "uuid() AS id",
                "concat('key', id) AS match_key",
                "concat('user', id div 15000) AS user_id",
                "'test' AS source",
                "'import' AS import_id",
                "'entry' AS entry",
                "id AS position",
                "current_timestamp() AS ingested_at",
                "timestamp'2026-03-01' + make_dt_interval(0, 0, 0, id) AS event_time",
                "concat('kind ', pmod(xxhash64(id), 40)) AS kind",
                "'2026-03' AS month");
        append(
                AccessLogTable.DEFINITION,
                "timestamp'" + NOW + "' AS at",
                "'user_data.activity/month=2026-03' AS partition",
                "'spark' AS origin",
                "1L AS accesses",
                "concat('query', id) AS query_id",
                "if(id < 20, array('kind', 'month'), array('user_id')) AS filters",
                "substring('" + NOW + "', 1, 10) AS day");
    }

    private void append(TableDefinition table, String... columns) {
        DeltaTables.ensure(spark, home, table);
        long rows = table == ActivityTable.DEFINITION ? 120_000 : 30;
        new DeltaAppend(spark, home).append(table, spark.range(rows).selectExpr(columns));
    }

    @Test
    void anIndexIsAdvisedThatManySearchesLack() {
        Advice advice = only(Kind.MISSING_INDEX, "shop.orders");

        assertThat(advice.evidence()).startsWith("3 calls of one query took").contains("customer = …");
        assertThat(advice.effect().measure()).isEqualTo("pages");
        assertThat(advice.effect().before()).as("the whole table").isGreaterThan(1_000);
        assertThat(advice.effect().after()).as("30 rows of that customer").isLessThan(50);
        assertThat(advice.statement()).isEqualTo("CREATE INDEX CONCURRENTLY ON \"shop\".\"orders\" (\"customer\")");
    }

    @Test
    void aTableOfTheLakesGetsItsIndexByItsConfiguration() throws IOException {
        Advice advice = only(Kind.MISSING_INDEX, "user_data.activity");

        assertThat(advice.evidence())
                .as("rows of a partition have the same month")
                .contains("for kind = …");
        assertThat(advice.statement())
                .isEqualTo("lake.datasets.\"user_data.activity\".tiering.hot.indexes += {columns = [\"kind\"]}");
        Path file = Files.writeString(folder.resolve("lake.conf"), advice.statement());
        assertThat(LakeConfig.load(file, Map.of(), Map.of())
                        .tiering(ActivityTable.DEFINITION.name())
                        .hot()
                        .indexes())
                .extracting(HotIndex::columns)
                .contains(List.of("kind"));
    }

    @Test
    void aQueryThatLooksIntoAllMonthsIsToldToNameThem() {
        Advice advice = only(Kind.UNPRUNED_PARTITIONS, "user_data.activity");

        assertThat(advice.evidence()).contains("name event_time but not month, and look into all 4 partitions");
        assertThat(advice.effect().before()).isGreaterThan(3 * advice.effect().after());
        assertThat(advice.statement()).contains("month BETWEEN to_char(");
    }

    @Test
    void indexesThatNobodyNeedsAreNamedWithTheirSize() {
        assertThat(only(Kind.DUPLICATE_INDEX, "shop.orders btree (day)")).satisfies(advice -> {
            assertThat(advice.evidence()).contains("btree (day, note)");
            assertThat(advice.effect().before()).isGreaterThan(1 << 20);
            assertThat(advice.statement()).isEqualTo("DROP INDEX CONCURRENTLY \"shop\".\"orders_day\"");
        });
        assertThat(only(Kind.UNUSED_INDEX, "shop.orders btree (note)").statement())
                .isEqualTo("DROP INDEX CONCURRENTLY \"shop\".\"orders_note\"");
    }

    @Test
    void aSortThatSpillsIsTriedWithMoreMemory() {
        Advice advice = only(Kind.MEMORY, "role lake");

        assertThat(advice.effect().measure()).isEqualTo("temporary_pages");
        assertThat(advice.effect().before()).isPositive();
        assertThat(advice.effect().after()).isZero();
        assertThat(advice.statement()).isEqualTo("ALTER ROLE \"lake\" SET work_mem = '64MB'");
    }

    @Test
    void filesThatAreSortedByWhatFewAskForAreTriedInTheOtherOrder() {
        Advice advice = only(Kind.CLUSTERING, "user_data.activity");

        assertThat(advice.evidence())
                .isEqualTo("20 queries of the last 30 days filter by kind, 10 by what its files are sorted by");
        assertThat(advice.effect().before()).as("every page has some").isEqualTo(120_000);
        assertThat(advice.effect().after())
                .as("one or two pages of 20,000 rows")
                .isLessThanOrEqualTo(40_000);
        assertThat(advice.statement())
                .isEqualTo("lake.datasets.\"user_data.activity\".tiering.warm.sorted-by = [\"kind\"], then"
                        + " `lake maintain run optimize`");
        assertThat(home.local().resolve("staging")).isEmptyDirectory();
    }

    @Test
    void theOrderThatIsAdvisedBringsWhatWasMeasured() throws IOException {
        Advice advice = only(Kind.CLUSTERING, "user_data.activity");
        Path file = Files.writeString(
                folder.resolve("sorted.conf"), advice.statement().replaceFirst(",.*", ""));
        LakeConfig sorted =
                LakeConfig.load(file, Map.of(), Map.of("lake.home", home.local().toString()));
        MaintenanceJob upkeep = new MaintenanceJob(sorted, home, () -> spark, Optional::empty, Map.of());

        assertThat(upkeep.run(List.of(Task.OPTIMIZE), NOW, false, Progress.NONE)
                        .get(0)
                        .done()
                        .problems())
                .isEmpty();

        PartitionFiles month = new TableLog(home)
                .snapshot(ActivityTable.DEFINITION.name())
                .orElseThrow()
                .partitions()
                .get(0);
        assertThat(month.rows()).isEqualTo(120_000);
        assertThat(new ClusteringTrial(spark, home)
                        .run(month, "kind")
                        .orElseThrow()
                        .readBefore())
                .isLessThanOrEqualTo(40_000);
        assertThat(upkeep.run(List.of(Task.OPTIMIZE), NOW, true, Progress.NONE)
                        .get(0)
                        .done()
                        .figures())
                .as("is sorted once")
                .extracting(Figure::subject)
                .doesNotContain(month.partition().toString());
    }

    @Test
    void whatWasTriedLeavesNothingBehindAndIsKept() throws SQLException {
        assertThat(advised.problems())
                .as("of the test's own INSERT")
                .singleElement()
                .asString()
                .startsWith("PostgreSQL tells no plan of 1 of ");
        try (Connection connection = SharedPostgres.connect(server);
                Statement statement = connection.createStatement();
                var tables = statement.executeQuery(
                        "SELECT count(*) FROM pg_class WHERE relname LIKE 'lake_trial%' OR relname LIKE '%_customer_idx'")) {
            tables.next();
            assertThat(tables.getLong(1)).isZero();
        }
        List<Row> kept = spark.read()
                .format("delta")
                .load(home.tablePath(AdviceTable.DEFINITION.name()))
                .collectAsList();
        assertThat(kept)
                .extracting(row -> row.<String>getAs(AdviceTable.STATEMENT))
                .containsExactlyInAnyOrderElementsOf(
                        advised.advice().stream().map(Advice::statement).toList());
    }

    @Test
    void whereNothingIsFoundThatIsKeptToo() {
        LakeConfig config = LakeConfig.load(
                null, Map.of(), Map.of("lake.home", folder.resolve("new").toString()));
        LakeHome lake = LakeHome.open(config);
        AdviseJob job = new AdviseJob(config, lake, () -> spark, Optional::empty);

        assertThat(job.run(NOW, true, Progress.NONE).advice()).isEmpty();
        assertThat(TableLog.of(config, lake).tables()).as("a dry run").isEmpty();
        assertThat(job.run(NOW, false, Progress.NONE).problems())
                .containsExactly("no access has been recorded yet: `lake heat` fills lake.access_log");
        assertThat(spark.read()
                        .format("delta")
                        .load(lake.tablePath(AdviceTable.DEFINITION.name()))
                        .select(AdviceTable.KIND)
                        .collectAsList())
                .extracting(row -> row.getString(0))
                .containsExactly(AdviceTable.NOTHING);
    }

    @Test
    void anAccessLogOfAnOlderReleaseIsNoMistake() {
        LakeConfig config = LakeConfig.load(
                null, Map.of(), Map.of("lake.home", folder.resolve("older").toString()));
        LakeHome lake = LakeHome.open(config);
        TableDefinition now = AccessLogTable.DEFINITION;
        DeltaTables.ensure(
                spark,
                lake,
                new TableDefinition(
                        now.name(),
                        now.partition(),
                        now.columns().stream()
                                .filter(column -> !column.name().equals(AccessLogTable.FILTERS))
                                .toList(),
                        now.sortedBy(),
                        now.changeDataFeed(),
                        now.comment()));

        assertThat(new AdviseJob(config, lake, () -> spark, Optional::empty)
                        .run(NOW, true, Progress.NONE)
                        .problems())
                .containsExactly("no access has been recorded yet: `lake heat` fills lake.access_log");
    }

    private Advice only(Kind kind, String subject) {
        assertThat(advised.advice())
                .filteredOn(advice -> advice.kind() == kind && advice.subject().equals(subject))
                .as("%s of %s among %s", kind, subject, advised)
                .hasSize(1);
        return advised.advice().stream()
                .filter(advice -> advice.kind() == kind && advice.subject().equals(subject))
                .findFirst()
                .orElseThrow();
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = SharedPostgres.connect(server);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
