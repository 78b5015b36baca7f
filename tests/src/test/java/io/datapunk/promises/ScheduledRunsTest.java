package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.testkit.AirflowServer;
import io.datapunk.testkit.PythonEnvironment;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real Airflow, with its scheduler, works on a lake: DAGs start each other, and a back-fill of hours that are over does what
 * runs on time would have done.
 */
@Tag("full")
class ScheduledRunsTest {
    private static final Path DAGS = Path.of("..", "dags").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final int HOURS = 3;

    /** The newest full hours but one: of the newest the scheduler makes a run of its own. */
    private static final Instant FIRST_HOUR =
            Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(HOURS + 1L));

    /** Not those of a run by schedule, where the next hour has begun meanwhile. */
    private static final String MOVES =
            "select planned_at, partition, from_tier, to_tier, reason, state from lake.moves where planned_at <= '"
                    + FIRST_HOUR.plus(Duration.ofHours(HOURS)) + "' order by planned_at, partition";

    @TempDir
    static Path folder;

    private static LakeCommands scheduled;
    private static LakeCommands onTime;
    private static JsonNode published;
    private static LakeCommands.Ended backfill;

    @BeforeAll
    static void anExportArrivesAndHoursAreBackFilled() throws Exception {
        SharedSpark.session();
        Path inbox = folder.resolve("inbox");
        Path arriving = Files.createDirectories(inbox.resolve("ann"));
        new Exports(arriving).zip("takeout.zip", Map.of(Exports.SEARCHES_PATH, searches()));
        PythonEnvironment python = PythonEnvironment.of(Path.of("python/airflow.txt"));
        Path home = folder.resolve("scheduled");
        Map<String, String> environment = Map.of("LAKE_TIERING_MINIMUM_SIZE", "0 B");
        Map<String, String> settings = new HashMap<>(environment);
        settings.put("LAKE_HOME", home.toString());
        settings.put("LAKE_DAGS_INBOX", inbox.toString());
        Path place = Files.createDirectories(folder.resolve("airflow"));
        try (AirflowServer airflow = new AirflowServer(python, place, DAGS, settings).start()) {
            for (List<String> words : List.of(
                    List.of("pools", "import", DAGS.resolve("pools.json").toString()),
                    List.of(
                            "dags",
                            "unpause",
                            "--treat-dag-id-as-regex",
                            "--yes",
                            "lake_(ingest|quality|analytics|tiering)"))) {
                PythonEnvironment.Ended ended = PythonEnvironment.end(airflow.airflow(words.toArray(String[]::new)));
                assertThat(ended.exitCode()).as(ended.output()).isZero();
            }
            Map<String, String> asked = new HashMap<>(environment);
            asked.put("LAKE_AIRFLOW_URL", airflow.url().toString());
            asked.put("LAKE_AIRFLOW_USER", AirflowServer.USER);
            asked.put("LAKE_AIRFLOW_PASSWORD", AirflowServer.PASSWORD);
            scheduled = new LakeCommands(home, asked);
            scheduled.result(
                    "airflow",
                    "trigger",
                    "lake_ingest",
                    "--param",
                    "dry_run=false",
                    "--param",
                    "settle_minutes=0",
                    "--wait");
            awaitSuccess("lake_analytics");
            published = scheduled.query("select title, events from user_data.activity join analytics.activity_daily"
                    + " using (user_id, month) order by title, events limit 1");

            onTime = new LakeCommands(folder.resolve("on time"), environment);
            onTime.result("ingest", inbox.resolve(".done/ann/takeout.zip").toString(), "--user", "ann");
            for (int hour = 1; hour <= HOURS; hour++) {
                String now = FIRST_HOUR.plus(Duration.ofHours(hour)).toString();
                onTime.result("heat", "--now", now, "--import", reads(hour).toString());
                onTime.result("tier", "apply", "--now", now);
            }
            for (int hour = 1; hour <= HOURS; hour++) {
                scheduled.result("heat", "--import", reads(hour).toString());
            }
            backfill = scheduled.run(
                    "airflow",
                    "backfill",
                    "lake_tiering",
                    "--from",
                    FIRST_HOUR.plus(Duration.ofHours(1)).toString(),
                    "--to",
                    FIRST_HOUR.plus(Duration.ofHours(HOURS)).toString(),
                    "--wait");
        } finally {
            for (LakeCommands lake : new LakeCommands[] {scheduled, onTime}) {
                if (lake != null) {
                    lake.run("down");
                }
            }
        }
    }

    /** Searches of three months. */
    private static String searches() {
        return Exports.searches("pear", "quince", "plum")
                .replaceFirst("2024-05-01", "2024-01-01")
                .replaceFirst("2024-05-02", "2024-02-02");
    }

    /** In each hour another month is read all the time. */
    private static Path reads(int hour) throws IOException {
        List<String> months = List.of("2024-01", "2024-02", "2024-05");
        return Files.writeString(
                folder.resolve("reads-" + hour + ".csv"),
                "time,dataset,partition,accesses\n%s,user_data.activity,month=%s,400\n"
                        .formatted(FIRST_HOUR.plus(Duration.ofMinutes(60L * hour - 30)), months.get(hour - 1)));
    }

    private static void awaitSuccess(String dag) throws InterruptedException {
        Instant until = Instant.now().plus(PATIENCE);
        String state = "";
        while (!state.equals("success")) {
            assertThat(Instant.now()).as("%s is %s", dag, state).isBefore(until);
            assertThat(state).as(dag).isNotEqualTo("failed");
            Thread.sleep(5_000);
            state = scheduled
                    .result("airflow", "status", dag)
                    .at("/dags/0/last_run/state")
                    .asText();
        }
    }

    @Test
    void anExportInTheInboxBecomesPublishedTablesWithoutAnybody() {
        assertThat(published.toString()).isEqualTo("[[\"Searched for pear\",1]]");
        assertThat(folder.resolve("inbox/.done/ann/takeout.zip")).exists();
    }

    @Test
    void aBackFillMovesWhatRunsOnTimeWouldHaveMoved() {
        assertThat(backfill.exitCode()).as(backfill.err()).isZero();
        JsonNode moves = scheduled.query(MOVES);
        assertThat(moves).hasSizeGreaterThanOrEqualTo(HOURS);
        assertThat(moves).isEqualTo(onTime.query(MOVES));
    }
}
