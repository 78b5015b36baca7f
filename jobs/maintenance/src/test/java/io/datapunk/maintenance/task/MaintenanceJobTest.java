package io.datapunk.maintenance.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.FileTags;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.MaintenanceTable;
import io.datapunk.lake.model.table.UsersTable;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintenanceJobTest {
    private static final Instant NOW = Instant.now();

    private final SparkSession spark = SharedSpark.session();

    @TempDir
    Path folder;

    @Test
    void vacuumFreesDeadRowsAndFreezesOldOnes() throws Exception {
        PostgresConnection server = SharedPostgres.migratedDatabase();
        execute(
                server,
                "CREATE TABLE orders (id bigint PRIMARY KEY, text text) WITH (autovacuum_enabled = false)",
                "INSERT INTO orders SELECT n, repeat('x', 500) FROM generate_series(1, 20000) AS rows(n)",
                "DELETE FROM orders WHERE id % 4 <> 0",
                "SELECT pg_stat_force_next_flush()");

        TaskRun dry = run(server, Map.of(), Task.VACUUM, true);
        assertThat(figures(dry, "lake.orders")).containsEntry(Quantity.DEAD_ROWS, "15000 -> ");
        TaskRun run = run(server, Map.of(), Task.VACUUM, false);

        assertThat(run.done().problems()).isEmpty();
        assertThat(figures(run, "lake.orders")).containsEntry(Quantity.DEAD_ROWS, "15000 -> 0");
        assertThat(figure(run, "lake.orders", Quantity.BLOAT).before())
                .as("three of four rows, as pgstattuple measures it")
                .isCloseTo(0.75, within(0.1));
        assertThat(run.done().notes())
                .as("free pages stay free: only writing it anew gives them back")
                .anySatisfy(note ->
                        assertThat(note).startsWith("lake.orders takes ").contains("pg_repack"));
        assertThat(one(
                        server,
                        "SELECT all_visible >= 0 AND all_frozen > 0 FROM (SELECT relallvisible AS all_visible,"
                                + " relallfrozen AS all_frozen FROM pg_class WHERE relname = 'orders') pages"))
                .isEqualTo("t");
        assertThat(run(server, Map.of(), Task.VACUUM, false).done().figures())
                .as("who was not written since is passed over")
                .extracting(Figure::subject)
                .doesNotContain("lake.orders");
    }

    @Test
    void aTableThatIsLockedKeepsNoOtherFromItsTurn() throws Exception {
        PostgresConnection server = SharedPostgres.migratedDatabase();
        for (String table : List.of("first", "second")) {
            execute(
                    server,
                    "CREATE TABLE " + table + " (id bigint) WITH (autovacuum_enabled = false)",
                    "INSERT INTO " + table + " SELECT n FROM generate_series(1, 100) AS rows(n)",
                    "DELETE FROM " + table,
                    "SELECT pg_stat_force_next_flush()");
        }
        try (Connection holder = SharedPostgres.connect(server);
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("LOCK TABLE first IN ACCESS EXCLUSIVE MODE");

            TaskRun run = run(server, Map.of(), Task.VACUUM, false);

            assertThat(run.done().notes()).contains("lake.first was locked and is left for the next run");
            assertThat(figures(run, "lake.second")).containsEntry(Quantity.DEAD_ROWS, "100 -> 0");
        }
    }

    @Test
    void analyzeRenewsStatisticsOfWhatWasWritten() throws Exception {
        PostgresConnection server = SharedPostgres.migratedDatabase();
        execute(
                server,
                "CREATE TABLE events (id bigint, month text) PARTITION BY LIST (month)",
                "CREATE TABLE events_1 PARTITION OF events FOR VALUES IN ('2026-01') WITH (autovacuum_enabled = false)",
                "INSERT INTO events SELECT n, '2026-01' FROM generate_series(1, 1000) AS rows(n)",
                "SELECT pg_stat_force_next_flush()");

        TaskRun run = run(server, Map.of(), Task.ANALYZE, false);

        assertThat(run.done().problems()).isEmpty();
        assertThat(figures(run, "lake.events_1")).containsEntry(Quantity.CHANGED_ROWS, "1000 -> 0");
        assertThat(one(server, "SELECT reltuples FROM pg_class WHERE relname = 'events'"))
                .as("also of what it is a partition of")
                .isEqualTo("1000");
    }

    @Test
    void looseIndexesAreBuiltAnewBesideTheirReaders() throws Exception {
        PostgresConnection server = SharedPostgres.migratedDatabase();
        execute(
                server,
                "CREATE TABLE loose (id bigint, text text) WITH (autovacuum_enabled = false)",
                "INSERT INTO loose SELECT n, 'x' FROM generate_series(1, 200000) AS rows(n)",
                "CREATE INDEX loose_id ON loose (id)",
                "CREATE INDEX loose_tight ON loose (text, id)",
                "DELETE FROM loose WHERE id % 10 <> 0",
                "VACUUM loose",
                "REINDEX INDEX loose_tight");

        TaskRun run = run(server, Map.of(), Task.REINDEX, false);

        assertThat(run.done().problems()).isEmpty();
        assertThat(figure(run, "lake.loose_id", Quantity.DENSITY)).satisfies(density -> {
            assertThat(density.before()).isLessThan(0.2);
            // A smaller one than is worth being measured.
            assertThat(figure(run, "lake.loose_id", Quantity.BYTES).after().getAsDouble())
                    .isLessThan(1 << 20);
        });
        assertThat(run.done().figures()).extracting(Figure::subject).doesNotContain("lake.loose_tight");
        assertThat(one(
                        server,
                        "SELECT bool_and(indisvalid)::text || ' ' || count(*) FROM pg_index"
                                + " WHERE indrelid = 'loose'::regclass"))
                .isEqualTo("true 2");
    }

    @Test
    void anIndexThatCannotBeBuiltLeavesNothingBehind() throws Exception {
        PostgresConnection server = SharedPostgres.migratedDatabase();
        execute(
                server,
                "CREATE TABLE busy (id bigint) WITH (autovacuum_enabled = false)",
                "INSERT INTO busy SELECT n FROM generate_series(1, 200000) AS rows(n)",
                "CREATE INDEX busy_id ON busy (id)",
                "DELETE FROM busy WHERE id % 10 <> 0",
                "VACUUM busy");
        try (Connection holder = SharedPostgres.connect(server);
                Statement statement = holder.createStatement()) {
            holder.setAutoCommit(false);
            statement.execute("UPDATE busy SET id = id WHERE id = 10");

            TaskRun run = run(server, Map.of("lake.maintenance.postgres.timeout", "2 s"), Task.REINDEX, false);

            assertThat(run.done().problems()).singleElement().satisfies(problem -> assertThat(problem)
                    .hasMessageContaining("the index lake.busy_id could not be built anew")
                    .hasMessageContaining("statement timeout"));
        }
        assertThat(run(server, Map.of(), Task.REINDEX, false).done().problems()).isEmpty();
        assertThat(one(
                        server,
                        "SELECT string_agg(indexrelid::regclass::text, ',') FROM pg_index"
                                + " WHERE indrelid = 'busy'::regclass"))
                .isEqualTo("busy_id");
    }

    @Test
    void manySmallFilesBecomeOneWithTheSameRows() {
        LakeConfig config = config(Map.of("lake.maintenance.optimize.files", "3"));
        LakeHome home = LakeHome.open(config);
        for (int i = 0; i < 3; i++) {
            append(home, "2026-01", i);
        }
        append(home, "2026-02", 9);
        TableSnapshot before = snapshot(home);
        List<Row> rows = rows(home);
        Instant newest = before.filesOf(partition("2026-01")).files().stream()
                .map(FileTags::writtenAt)
                .max(Instant::compareTo)
                .orElseThrow();

        TaskRun run = run(config, Optional.empty(), Task.OPTIMIZE, false);

        assertThat(run.done().problems()).isEmpty();
        assertThat(figures(run, partition("2026-01").toString())).containsEntry(Quantity.FILES, "3 -> 1");
        assertThat(run.done().figures())
                .extracting(Figure::subject)
                .as("one file alone stays")
                .doesNotContain(partition("2026-02").toString());
        DataFile merged = snapshot(home).filesOf(partition("2026-01")).files().get(0);
        assertThat(FileTags.writtenAt(merged)).as("merging is no writing").isEqualTo(newest);
        // The run has told of itself in the same table.
        assertThat(rows(home)).containsAll(rows);
        assertThat(spark.read()
                        .format("delta")
                        .option("versionAsOf", before.version())
                        .load(home.tablePath(MaintenanceTable.DEFINITION.name()))
                        .count())
                .as("time travel goes on")
                .isEqualTo(rows.size());
        assertThat(rows(home))
                .extracting(row ->
                        row.getString(1) + " " + row.getString(3) + " " + row.getDouble(4) + " " + row.getDouble(5))
                .contains("optimize files 3.0 1.0");
    }

    @Test
    void tablesWithoutPartitionsAreMergedBesideAServerThatServesOthers() {
        LakeConfig config = config(Map.of("lake.maintenance.optimize.files", "3"));
        LakeHome home = LakeHome.open(config);
        DeltaTables.ensure(spark, home, UsersTable.DEFINITION);
        for (int i = 0; i < 3; i++) {
            new DeltaAppend(spark, home)
                    .append(
                            UsersTable.DEFINITION,
                            spark.sql("SELECT 'u" + i + "' AS user_id, 'user " + i + "' AS name, now() AS created_at"));
        }

        TaskRun run = run(config, Optional.of(SharedPostgres.migratedDatabase()), Task.OPTIMIZE, false);

        assertThat(run.done().problems()).isEmpty();
        assertThat(figures(run, "lake.users")).containsEntry(Quantity.FILES, "3 -> 1");
    }

    @Test
    void whatWasDoneIsKeptWhereATaskEndsUnexpectedly() throws Exception {
        LakeConfig config = config(Map.of());
        LakeHome home = LakeHome.open(config);
        Path left = Files.createDirectories(home.staging("killed"));
        Files.setLastModifiedTime(left, FileTime.from(NOW.minus(Duration.ofDays(8))));
        Map<Task, Work> others = Map.of(Task.RECLAIM, dryRun -> {
            throw new IllegalStateException("nobody expects it");
        });
        MaintenanceJob job = new MaintenanceJob(config, home, () -> spark, Optional::empty, others);

        assertThatThrownBy(() -> job.run(List.of(Task.STAGING, Task.RECLAIM), NOW, false, Progress.NONE))
                .hasMessage("nobody expects it");

        assertThat(rows(home))
                .extracting(row -> row.getString(1) + " " + row.getString(2))
                .containsExactly("staging " + left);
    }

    @Test
    void logsOfTablesGetTheCheckpointThatTheyLack() throws Exception {
        LakeConfig config = config(Map.of());
        LakeHome home = LakeHome.open(config);
        for (int i = 0; i < 11; i++) {
            append(home, "2026-01", i);
        }
        Path log = Path.of(home.tablePath(MaintenanceTable.DEFINITION.name()), "_delta_log");
        Files.delete(log.resolve("_last_checkpoint"));
        Files.delete(log.resolve("00000000000000000010.checkpoint.parquet"));

        TaskRun run = run(config, Optional.empty(), Task.CHECKPOINT, false);

        assertThat(run.done().problems()).isEmpty();
        assertThat(figures(run, "lake.maintenance")).containsEntry(Quantity.COMMITS_SINCE_CHECKPOINT, "12 -> 0");
        assertThat(log.resolve("00000000000000000011.checkpoint.parquet")).exists();
    }

    @Test
    void oldLogFilesAreCompressedAndExpire() throws Exception {
        Path logs = Files.createDirectories(folder.resolve("logs"));
        LakeConfig config = config(Map.of("lake.maintenance.logs.folders", logs.toString()));
        for (int days : List.of(1, 8, 31)) {
            Path file = Files.writeString(logs.resolve("heat.log." + days), "lines of " + days + "\n");
            Files.setLastModifiedTime(file, FileTime.from(NOW.minus(Duration.ofDays(days))));
        }
        Path other = Files.writeString(logs.resolve("notes.txt"), "no log");
        Files.setLastModifiedTime(other, FileTime.from(NOW.minus(Duration.ofDays(99))));

        run(config, Optional.empty(), Task.LOGS, false);

        try (var files = Files.list(logs)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("heat.log.1", "heat.log.8.gz", "notes.txt");
        }
    }

    @Test
    void whatIsDueIsDoneOnceAndAFailureStaysDue() {
        LakeConfig config = config(Map.of());
        LakeHome home = LakeHome.open(config);
        Map<Task, Work> others = Map.of(Task.PARTITIONS, dryRun -> Work.Done.of(List.of()), Task.RECLAIM, dryRun -> {
            throw LakeException.failed("nothing was reclaimed", "the disk hums", "wait");
        });
        MaintenanceJob job = new MaintenanceJob(config, home, () -> spark, Optional::empty, others);

        List<TaskRun> first = job.run(List.of(), NOW, false, Progress.NONE);
        List<TaskRun> second = job.run(List.of(), NOW.plusSeconds(1), false, Progress.NONE);

        assertThat(first).extracting(TaskRun::task).containsExactly(Task.values());
        assertThat(second).extracting(TaskRun::task).containsExactly(Task.RECLAIM);
        assertThat(second.get(0).done().problems()).singleElement().satisfies(problem -> assertThat(problem)
                .hasMessageContaining("the disk hums"));
    }

    private TaskRun run(PostgresConnection server, Map<String, String> settings, Task task, boolean dryRun) {
        return run(config(settings), Optional.of(server), task, dryRun);
    }

    private TaskRun run(LakeConfig config, Optional<PostgresConnection> server, Task task, boolean dryRun) {
        return new MaintenanceJob(config, LakeHome.open(config), () -> spark, () -> server, Map.of())
                .run(List.of(task), NOW, dryRun, Progress.NONE)
                .get(0);
    }

    private LakeConfig config(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("lake.home", folder.resolve("home").toString());
        return LakeConfig.load(null, Map.of(), all);
    }

    /** Of a subject, as {@code before -> after}. */
    private static Map<Quantity, String> figures(TaskRun run, String subject) {
        return run.done().figures().stream()
                .filter(figure -> figure.subject().equals(subject))
                .collect(Collectors.toMap(
                        Figure::quantity,
                        figure -> Math.round(figure.before()) + " -> "
                                + (figure.after().isPresent()
                                        ? Math.round(figure.after().getAsDouble())
                                        : "")));
    }

    private static Figure figure(TaskRun run, String subject, Quantity quantity) {
        return run.done().figures().stream()
                .filter(figure -> figure.subject().equals(subject) && figure.quantity() == quantity)
                .findFirst()
                .orElseThrow();
    }

    private void append(LakeHome home, String month, int number) {
        DeltaTables.ensure(spark, home, MaintenanceTable.DEFINITION);
        new DeltaAppend(spark, home)
                .append(
                        MaintenanceTable.DEFINITION,
                        spark.createDataFrame(
                                List.of(RowFactory.create(
                                        NOW, "task", "subject " + number, "bytes", (double) number, 0.0, month)),
                                DeltaSchemas.structType(MaintenanceTable.DEFINITION)));
    }

    private List<Row> rows(LakeHome home) {
        return spark.read()
                .format("delta")
                .load(home.tablePath(MaintenanceTable.DEFINITION.name()))
                .collectAsList();
    }

    private static TableSnapshot snapshot(LakeHome home) {
        return new TableLog(home).snapshot(MaintenanceTable.DEFINITION.name()).orElseThrow();
    }

    private static PartitionName partition(String month) {
        return PartitionName.parse("lake.maintenance/month=" + month);
    }

    private static void execute(PostgresConnection server, String... statements) throws SQLException {
        try (Connection connection = SharedPostgres.connect(server);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String one(PostgresConnection server, String sql) throws SQLException {
        try (Connection connection = SharedPostgres.connect(server);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
