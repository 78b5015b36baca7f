package io.datapunk.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.datapunk.cli.Cli;
import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.testkit.AnsweringServer;
import io.datapunk.testkit.KeystoreFile;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What {@code --json} prints is an interface: whoever changes it changes {@code contracts/json} and the changelog. What
 * differs from run to run stands there as {@code <time>}, {@code <number>}, {@code HOME}.
 */
class JsonOutputTest {
    private static final Path GOLDEN = Path.of("contracts", "json");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> TIMES =
            Set.of("started_at", "committed_at", "last_written", "last_moved", "placed_at", "due_at");
    private static final Set<String> NUMBERS = Set.of(
            "seconds",
            "bytes",
            "hot_bytes",
            "stored_bytes",
            "new_bytes",
            "new_objects",
            "score",
            "factor",
            "objects",
            "seconds_to_recover",
            "allowed_seconds",
            "point_age_seconds",
            "bytes_per_day",
            "capacity_bytes",
            "lz4_raw",
            "write_amplification");

    private static final Set<String> RANDOM = Set.of(
            "plan_id",
            "import_id",
            "user_id",
            "checksum",
            "note",
            "verifier",
            "hold_id",
            "point",
            "points",
            "url",
            "last_change",
            "drill_id");
    private static final Pattern PACKAGE = Pattern.compile("\\d{4}/\\d{2}/default/export/\\d{8}T\\d{6}Z-[0-9a-f]{8}");
    private static final Set<String> SENTENCES = Set.of("finding", "reason", "examined", "done", "why");

    @TempDir
    private static Path home;

    @TempDir
    private static Path servedHome;

    @TempDir
    private static Path archiveHome;

    @TempDir
    private static Path examinedHome;

    @TempDir
    private static Path vectorsHome;

    @TempDir
    private static Path exports;

    @BeforeAll
    static void makeLakes() throws IOException {
        makeALake(servedHome);
        makeALake(home);
        makeALake(examinedHome);
        makeALake(vectorsHome);
    }

    private static void makeALake(Path home) throws IOException {
        LakeHome lake = LakeHome.open(LakeConfig.load(null, Map.of(), Map.of("lake.home", home.toString())));
        SparkSession spark = SharedSpark.session(home);
        DeltaTables.ensure(spark, lake, ActivityTable.DEFINITION);
        new DeltaAppend(spark, lake).append(ActivityTable.DEFINITION, spark.sql("""
                                SELECT id, id AS match_key, 'u1' AS user_id, 'takeout' AS source, 'i1' AS import_id,
                                       'e' AS entry, 0L AS position, TIMESTAMP '2026-05-01 00:00:00' AS ingested_at,
                                       CAST(at AS TIMESTAMP) AS event_time, 'exact' AS zone_certainty,
                                       substr(at, 1, 7) AS month, 'Search' AS product, 'searched' AS kind, title
                                FROM VALUES ('1', '2026-01-05 10:00:00', 'lakes'),
                                            ('2', '2026-01-06 10:00:00', 'punk'),
                                            ('3', '2026-02-01 10:00:00', 'zürich') AS t(id, at, title)
                                """));
        Files.createDirectories(lake.spool());
        Files.writeString(lake.spool().resolve("a.ndjson"), """
                {"at":"2021-05-01T09:30:00Z","partition":"user_data.activity/month=2026-01","origin":"spark","principal":"ann","query_id":"q1"}
                {"at":"2021-05-01T09:31:00Z","partition":"user_data.activity/month=2026-01","origin":"spark","principal":"ann","query_id":"q2"}
                nothing usable
                """);
    }

    @Test
    void tables() throws IOException {
        compare("tables", 0, "tables");
    }

    @Test
    void sql() throws IOException {
        compare(
                "sql",
                0,
                "sql",
                "select month, count(*) as events, max(event_time) as last, first(title) as title, null as nothing"
                        + " from user_data.activity where month = '2026-02' group by month");
    }

    @Test
    void sqlThatFails() throws IOException {
        compare("sql-failed", 1, "sql", "select * from user_data.activty");
    }

    @Test
    void sqlScript() throws IOException {
        Path file = Files.writeString(exports.resolve("report.sql"), """
                select count(*) as events from user_data.activity;
                select title from user_data.activity where month = '2026-02'
                """);
        compare("sql-file", 0, "sql", "--file", file.toString());
    }

    @Test
    void heatAndTier() throws IOException {
        Map<String, String> environment = new HashMap<>(database());
        // Two accesses to a few rows are enough to be hot.
        environment.put("LAKE_TIERING_MINIMUM_SIZE", "1 B");
        environment.put("LAKE_TIERING_HOT_ENTER_ABOVE", "0.1/h");
        environment.put("LAKE_POSTGRES_OPERATIONAL_TABLES", "true");
        String[] now = {"--now", "2021-05-01T10:00:00Z"};

        compare(servedHome, environment, "heat", 0, "heat", now[0], now[1]);
        compare(servedHome, environment, "tier-plan", 0, "tier", "plan", now[0], now[1]);
        compare(servedHome, environment, "tier-apply", 0, "tier", "apply", now[0], now[1]);
        compare(servedHome, environment, "tier-status", 0, "tier", "status", now[0], now[1]);
        compare(
                servedHome,
                environment,
                "tier-pin",
                0,
                "tier",
                "pin",
                "user_data.activity/month=2026-01",
                "--tier",
                "hot",
                "--dry-run");
        compare(servedHome, environment, "tier-sync", 0, "tier", "sync", now[0], now[1]);
        compare(servedHome, environment, "tier-reclaim", 0, "tier", "reclaim", "--dry-run", now[0], now[1]);
    }

    @Test
    void tierSimulate() throws IOException {
        // Three days of one that is read each hour, and one that is read in the first hour only; the last day is
        // replayed.
        StringBuilder trace = new StringBuilder("time,partition,accesses\n0,once,3\n");
        for (int hour = 0; hour < 72; hour++) {
            trace.append(hour * 3600).append(",always,2\n");
        }
        Path file = Files.createDirectories(exports.resolve("traces")).resolve("reads.csv");
        Files.writeString(file, trace);

        compare(
                "tier-simulate",
                0,
                "tier",
                "simulate",
                "--trace",
                file.toString(),
                "--hold-out",
                "1d",
                "--policy",
                "threshold,age,cost",
                "--hot-space",
                "50%");
    }

    @Test
    void ingest() throws IOException {
        Path search = Files.createDirectories(exports.resolve("Takeout/My Activity/Search"));
        Files.writeString(search.resolve("MyActivity.json"), """
                [{"header":"Search","title":"Searched for lakes","time":"2026-01-05T10:00:00.000Z","products":["Search"]},
                 {"header":"Search","title":"Searched for punk","time":"not a time","products":["Search"]}]
                """);

        compare(
                exports.resolve("lake"),
                "ingest",
                0,
                "ingest",
                exports.resolve("Takeout").toString(),
                "--user",
                "ann");
        compare(
                exports.resolve("lake"),
                "ingest-again",
                0,
                "ingest",
                exports.resolve("Takeout").toString(),
                "--user",
                "ann");
    }

    @Test
    void ingestOfNothing() throws IOException {
        compare("ingest-failed", 1, "ingest", exports.resolve("nothing.zip").toString(), "--user", "ann");
    }

    @Test
    void tierRotateKeys() throws IOException {
        compare("tier-rotate-keys", 0, "tier", "rotate-keys");
    }

    @Test
    void archiveAudit() throws IOException {
        Path audited = exports.resolve("audited");
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", audited.toString()));
        AuditLog log = AuditLog.of(config, LakeHome.open(config));
        for (String month : List.of("2026-01", "2026-02")) {
            log.append(new AuditEvent(
                    Instant.parse("2026-05-01T00:00:00Z"),
                    "tiering",
                    "tiering.retire-files",
                    "user_data.activity/month=" + month,
                    Map.of("files", "2")));
        }
        Map<String, String> outside = Map.of(
                "LAKE_AUDIT_LOCATIONS",
                Files.createDirectories(exports.resolve("outside")).toString());

        compare(audited, outside, "archive-audit-anchor", 0, "archive", "audit", "--anchor");
        compare(audited, outside, "archive-audit", 0, "archive", "audit");
        compare(audited, outside, "archive-audit-verify", 0, "archive", "audit", "--verify");
        compare(audited, outside, "archive-audit-prove", 0, "archive", "audit", "--prove", "1");
        compare(audited, outside, "archive-audit-prove-sizes", 0, "archive", "audit", "--prove", "1..2");
        compare(audited, outside, "archive-audit-publish", 0, "archive", "audit", "--publish");

        Path file = audited.resolve("audit/log.ndjson");
        Files.writeString(file, Files.readString(file).replace("2026-02", "2026-03"));
        compare(audited, outside, "archive-audit-damaged", 3, "archive", "audit", "--verify");
    }

    @Test
    void archive() throws IOException {
        Map<String, String> keys = Map.of(
                "LAKE_STORAGE_ENCRYPTION_KEYSTORE",
                KeystoreFile.write(exports.resolve("keys.p12"), "lake-archive-1")
                        .toString(),
                "LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD",
                KeystoreFile.PASSWORD,
                // Else a warning would name the package.
                "LAKE_ARCHIVE_COPIES",
                "1");
        Path notes = Files.createDirectory(exports.resolve("notes"));
        Files.writeString(notes.resolve("a.json"), "[{\"title\":\"lakes\"}]");
        assertThat(Cli.run(
                        new String[] {"ingest", notes.toString(), "--user", "ann", "--lake", archiveHome.toString()},
                        System.out,
                        System.err,
                        Map.of()))
                .isZero();

        compare(archiveHome, keys, "archive-create", 0, "archive", "create", notes.toString(), "--user", "ann");
        compare(archiveHome, keys, "archive-verify", 0, "archive", "verify");
        String made;
        try (Stream<Path> files = Files.walk(archiveHome.resolve("archive"))) {
            made = files.filter(file -> file.endsWith("bagit.txt"))
                    .map(file -> file.getParent().getFileName().toString())
                    .findFirst()
                    .orElseThrow();
        }
        String restored = exports.resolve("restored").toString();
        compare(archiveHome, keys, "archive-restore", 0, "archive", "restore", made, "--to", restored);

        Path rules = Files.writeString(
                exports.resolve("rules.conf"), "lake.archive.retention.rules = [{ dataset = \"*\", class = default }]");
        String[] later = {"--now", "2099-01-01T00:00:00Z", "--conf", rules.toString()};
        compare(archiveHome, keys, "archive-expire", 0, concat(later, "archive", "expire"));
        String plan;
        try (Stream<Path> plans = Files.list(archiveHome.resolve("plans/expire"))) {
            plan = plans.map(file -> file.getFileName().toString().replace(".ndjson", ""))
                    .findFirst()
                    .orElseThrow();
        }
        compare(
                archiveHome,
                keys,
                "archive-expire-approve",
                0,
                concat(later, "archive", "expire", "--approve", plan, "--by", "carol"));
        compare(archiveHome, keys, "archive-expire-apply", 0, concat(later, "archive", "expire", "--apply", plan));

        compare(archiveHome, keys, "archive-erase", 0, "archive", "erase", "--user", "ann");
    }

    private static String[] concat(String[] options, String... command) {
        return Stream.concat(Stream.of(command), Stream.of(options)).toArray(String[]::new);
    }

    @Test
    void backup() throws IOException, SQLException {
        Path lake = exports.resolve("backed-up");
        makeALake(lake);
        Map<String, String> places = Map.of(
                "LAKE_STORAGE_ENCRYPTION_KEYSTORE",
                KeystoreFile.write(exports.resolve("backup.p12"), "lake-backup-1")
                        .toString(),
                "LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD",
                KeystoreFile.PASSWORD,
                "LAKE_BACKUP_LOCATIONS",
                Files.createDirectories(exports.resolve("safe")).toString(),
                "LAKE_POSTGRES_WAL_ARCHIVE",
                Files.createDirectories(exports.resolve("wal")).toString());
        LakeConfig config = LakeConfig.load(null, places, Map.of("lake.home", lake.toString()));
        write(config, "CREATE TABLE notes (text text)");

        compare(lake, places, "backup-create", 0, "backup", "create");
        compare(lake, places, "backup-verify", 0, "backup", "verify");
        compare(lake, places, "backup-drill", 0, "backup", "drill");
        String again = exports.resolve("again").toString();
        compare(lake, places, "backup-restore", 0, "backup", "restore", "--to", again);
        String partition = "user_data.activity/month=2026-01";
        compare(
                lake,
                places,
                "backup-restore-in-place",
                0,
                "backup",
                "restore",
                "--partition",
                partition,
                "--in-place");
        write(config, "INSERT INTO notes VALUES ('after the restore point')");
        String then = exports.resolve("then").toString();
        compare(lake, places, "backup-restore-postgres", 0, "backup", "restore", "--postgres", "--to", then);
        for (String home : List.of(lake.toString(), then)) {
            PostgresServer.embedded(config.postgres(), LakeHome.of(config.withHome(home)))
                    .stop();
        }
    }

    private static void write(LakeConfig config, String statement) throws SQLException {
        try (PostgresServer server = PostgresServer.open(config.postgres(), LakeHome.of(config));
                Connection connection = SharedPostgres.connect(server.connection());
                Statement written = connection.createStatement()) {
            written.execute(statement);
        }
    }

    @Test
    void archiveHold() throws IOException {
        compare(
                servedHome,
                "archive-hold",
                0,
                "archive",
                "hold",
                "--dataset",
                "user_data.messages",
                "--from",
                "2026-01-01",
                "--reason",
                "case 12");
    }

    @Test
    void doctor() throws IOException {
        compare(examinedHome, "doctor", 0, "doctor");
        // As a writer leaves it that lost its power
        Files.createFile(examinedHome.resolve("tables/user_data/activity/_delta_log/00000000000000000002.json"));
        compare(examinedHome, "doctor-deep", 3, "doctor", "--deep");
    }

    @Test
    void down() throws IOException {
        compare("down", 0, "down");
    }

    @Test
    void configShow() throws IOException {
        compare("config-show", 0, "config", "show");
    }

    @Test
    void usage() throws IOException {
        compare("usage", 2, "tabels");
    }

    @Test
    void analytics() throws IOException {
        String[] run = {"analytics", "run", "analytics.activity_daily", "analytics.places"};
        compare(vectorsHome, "analytics-run", 0, run);
        compare(vectorsHome, "analytics-run-again", 0, run);
        compare(vectorsHome, "analytics-run-unknown", 2, "analytics", "run", "analytics.session");
        compare(vectorsHome, "analytics-quality", 3, "analytics", "quality", "user_data.activity", "--dry-run");
        compare(vectorsHome, "analytics-forecast", 0, "analytics", "forecast", "--dry-run");
        compare(vectorsHome, "analytics-cache-off", 2, "analytics", "cache");
        compare(
                home,
                "analytics-compliance",
                0,
                "analytics",
                "compliance",
                "--dry-run",
                "--now",
                "2021-05-01T10:00:00Z");
    }

    @Test
    void report() throws IOException {
        Path thesis = Files.writeString(exports.resolve("thesis.html"), "<p>Three years of work");
        compare(
                home,
                "report",
                0,
                "report",
                "--output",
                exports.resolve("report.html").toString(),
                "--dry-run");
        compare(home, "report-refused", 2, "report", "--output", thesis.toString());
    }

    @Test
    void maintain() throws IOException {
        Path left = Files.createDirectories(vectorsHome.resolve("staging").resolve("killed"));
        Files.setLastModifiedTime(left, FileTime.from(Instant.parse("2026-05-01T00:00:00Z")));
        Map<String, String> full = new HashMap<>(Map.of("LAKE_MAINTENANCE_REMEDIATION_DISK_COMPRESS_LOGS", "0.001"));
        full.put("LAKE_MAINTENANCE_REMEDIATION_DISK_CLEAN_TEMPORARY", "1");

        compare(vectorsHome, "maintain-run-dry", 0, "maintain", "run", "--dry-run", "staging");
        compare(vectorsHome, "maintain-run", 0, "maintain", "run", "staging", "vacuum");
        compare(vectorsHome, "maintain-run-unknown", 2, "maintain", "run", "vacum");
        compare(vectorsHome, full, "maintain-remediate", 0, "maintain", "remediate", "--dry-run");
    }

    @Test
    void vectors() throws IOException {
        compare(vectorsHome, "vectors-embed", 0, "vectors", "embed");
        compare(vectorsHome, "vectors-build", 0, "vectors", "build", "activity");
        compare(vectorsHome, "vectors-status", 0, "vectors", "status");
        compare(
                vectorsHome,
                "vectors-search",
                0,
                "vectors",
                "search",
                "a Swiss city",
                "--top",
                "1",
                "--where",
                "product=Search",
                "--to",
                "2026-03-01T00:00:00Z",
                "--words");
        compare(vectorsHome, "vectors-neighbours", 0, "vectors", "neighbours", "activity", "--top", "1");
        compare(vectorsHome, "vectors-cluster", 0, "vectors", "cluster", "activity", "--clusters", "1");
        compare(
                vectorsHome,
                "vectors-outliers",
                0,
                "vectors",
                "outliers",
                "activity",
                "--neighbours",
                "2",
                "--top",
                "1");
        compare(vectorsHome, "vectors-expire", 0, "vectors", "expire", "activity");
        compare(
                vectorsHome,
                "vectors-sql",
                0,
                "sql",
                "SELECT collection, id, text, size(text_vector(text)) AS dimensions"
                        + " FROM vector_search('activity', 'a Swiss city', 1)");
        compare(vectorsHome, "vectors-search-unbuilt", 2, "vectors", "search", "x", "--collection", "messages");
    }

    @Test
    void airflow() throws IOException {
        try (AnsweringServer airflow = new AnsweringServer()) {
            Map<String, String> named = Map.of("LAKE_AIRFLOW_URL", airflow.url(), "LAKE_AIRFLOW_TOKEN", "t");
            String run = "{\"dag_id\":\"lake_tiering\",\"dag_run_id\":\"r1\",\"logical_date\":\"2026-03-01T00:00:00Z\","
                    + "\"start_date\":\"2026-03-01T00:00:02Z\",\"end_date\":\"2026-03-01T00:01:02Z\",\"duration\":60.0,"
                    + "\"state\":\"%s\",\"conf\":{\"dry_run\":false}}";
            String dag = "/api/v2/dags/lake_tiering";
            airflow.answer("GET /api/v2/version", 200, "{\"version\":\"3.4.0\"}")
                    .answer(
                            "GET " + dag,
                            200,
                            "{\"dag_id\":\"lake_tiering\",\"is_paused\":false,\"timetable_summary\":\"0 * * * *\","
                                    + "\"next_dagrun_run_after\":\"2026-03-01T01:00:00Z\"}")
                    .answer("GET " + dag + "/dagRuns", 200, "{\"dag_runs\":[" + run.formatted("failed") + "]}")
                    .answer("GET " + dag + "/dagRuns/r1", 200, run.formatted("failed"))
                    .answer("POST " + dag + "/dagRuns", 200, run.formatted("queued"))
                    .answer(
                            "GET " + dag + "/dagRuns/r1/taskInstances?limit=100&offset=0",
                            200,
                            "{\"task_instances\":[{\"task_id\":\"heat\",\"map_index\":-1,\"state\":\"failed\","
                                    + "\"try_number\":2,\"start_date\":\"2026-03-01T00:00:02Z\",\"duration\":60.0},"
                                    + "{\"task_id\":\"apply\",\"map_index\":-1,\"state\":null,\"try_number\":0}]}")
                    .answer("GET " + dag + "/dagRuns/r1/taskInstances", 200, "{\"task_instances\":[]}")
                    .answer(
                            "POST /api/v2/backfills/dry_run",
                            200,
                            "{\"backfills\":[{\"logical_date\":\"2026-03-01T00:00:00Z\"}]}")
                    .answer("POST /api/v2/backfills", 200, "{\"id\":4,\"completed_at\":null}")
                    .answer(
                            "GET /api/v2/backfills/4/dag_runs?limit=100&offset=0",
                            200,
                            "{\"backfill_dag_runs\":[{\"dag_run_id\":\"b1\",\"logical_date\":\"2026-03-01T00:00:00Z\","
                                    + "\"dag_run_state\":\"queued\"},{\"logical_date\":\"2026-03-01T01:00:00Z\","
                                    + "\"exception_reason\":\"already exists\"}]}")
                    .answer("GET /api/v2/backfills/4/dag_runs", 200, "{\"backfill_dag_runs\":[]}")
                    .answer(
                            "GET /api/v2/assets?limit=100&offset=0",
                            200,
                            "{\"assets\":[{\"id\":1,\"name\":\"lake://ingest\",\"uri\":\"lake://ingest/\","
                                    + "\"scheduled_dags\":[{\"dag_id\":\"lake_quality\"}]}]}")
                    .answer("GET /api/v2/assets", 200, "{\"assets\":[]}")
                    .answer("POST /api/v2/assets/events", 200, "{\"timestamp\":\"2026-03-01T00:00:00Z\"}");
            String[] trigger = {
                "airflow", "trigger", "lake_tiering", "--param", "dry_run=false", "--logical-date", "2026-03-01"
            };
            String[] backfill = {
                "airflow", "backfill", "lake_tiering", "--from", "2026-03-01", "--to", "2026-03-01T01:00:00Z"
            };

            compare(home, named, "airflow-trigger", 0, trigger);
            compare(home, named, "airflow-trigger-dry", 0, with(trigger, "--dry-run"));
            compare(home, named, "airflow-trigger-failed", 1, with(trigger, "--run-id", "r1", "--wait"));
            compare(home, named, "airflow-trigger-unknown", 2, "airflow", "trigger", "lake_tierin");
            compare(home, named, "airflow-backfill-dry", 0, with(backfill, "--dry-run"));
            compare(home, named, "airflow-backfill", 0, backfill);
            compare(home, named, "airflow-status", 3, "airflow", "status", "lake_tiering");
            compare(home, named, "airflow-status-run", 3, "airflow", "status", "lake_tiering", "--run-id", "r1");
            compare(home, named, "airflow-event", 0, "airflow", "event", "lake://ingest", "--extra", "rows=7");
        }
        compare("airflow-unset", 2, "airflow", "status");
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    private static void compare(String golden, int exitCode, String... command) throws IOException {
        compare(home, golden, exitCode, command);
    }

    private static void compare(Path home, String golden, int exitCode, String... command) throws IOException {
        compare(home, Map.of(), golden, exitCode, command);
    }

    private static void compare(
            Path home, Map<String, String> environment, String golden, int exitCode, String... command)
            throws IOException {
        List<String> args = new ArrayList<>(List.of(command));
        args.addAll(List.of("--lake", home.toString(), "--json"));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int found = Cli.run(
                args.toArray(String[]::new),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment);

        String printed = out.toString(StandardCharsets.UTF_8);
        assertThat(printed)
                .as("stderr: %s", err.toString(StandardCharsets.UTF_8))
                .endsWith("}\n");
        assertThat(printed.lines()).hasSize(1);
        String stable = JSON.writerWithDefaultPrettyPrinter()
                .writeValueAsString(stable(
                        "",
                        JSON.readTree(printed.replace(home.toString(), "HOME")
                                .replace(exports.toString(), "EXPORTS")
                                .replaceAll("http://127\\.0\\.0\\.1:\\d+", "http://SERVER"))));
        Path file = GOLDEN.resolve(golden + ".json");
        if (Boolean.getBoolean("golden.write")) {
            Files.writeString(file, stable + "\n");
        }
        assertThat(stable + "\n").isEqualTo(Files.readString(file));
        assertThat(found).isEqualTo(exitCode);
    }

    private static Map<String, String> database() {
        PostgresConnection database = SharedPostgres.migratedDatabase();
        return Map.of(
                "LAKE_POSTGRES_URL", database.url(),
                "LAKE_POSTGRES_USER", database.user(),
                "LAKE_POSTGRES_PASSWORD", database.password().get());
    }

    private static JsonNode stable(String name, JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(stable(field.getKey(), field.getValue())));
            return object;
        }
        if (node instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, stable(name, array.get(i)));
            }
            return array;
        }
        if (node.isNull()) {
            return node;
        }
        if (TIMES.contains(name)) {
            assertThat(node.asText()).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z");
            return TextNode.valueOf("<time>");
        }
        if (NUMBERS.contains(name)) {
            assertThat(node.isNumber()).isTrue();
            return TextNode.valueOf("<number>");
        }
        if (RANDOM.contains(name)) {
            assertThat(node.asText()).isNotBlank();
            return TextNode.valueOf("<random>");
        }
        if (SENTENCES.contains(name)) {
            return TextNode.valueOf(node.asText()
                    .replaceAll("[0-9.]+ [KMGT]i?B|[0-9][0-9.,]* bytes", "<size>")
                    .replaceAll("\\b[0-9]+\\.[0-9] %", "<share>")
                    .replaceAll("\\b[0-9a-f]{32}\\b", "<32 digits>")
                    // Counted from when the test ran.
                    .replaceAll("(^class .*, until )[0-9TZ:.-]+", "$1<time>"));
        }
        if (PACKAGE.matcher(node.asText()).matches()) {
            return TextNode.valueOf("<package>");
        }
        return node.isTextual()
                ? TextNode.valueOf(node.asText().replaceAll("person-[0-9a-f]{32}", "person-<random>"))
                : node;
    }
}
