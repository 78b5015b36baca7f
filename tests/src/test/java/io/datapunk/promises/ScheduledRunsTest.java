package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.testkit.AirflowServer;
import io.datapunk.testkit.PythonEnvironment;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real Airflow, with its scheduler, works on a lake: DAGs start each other. */
@Tag("full")
class ScheduledRunsTest {
    private static final Path DAGS = Path.of("..", "dags").toAbsolutePath().normalize();
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    @TempDir
    static Path folder;

    private static LakeCommands scheduled;
    private static JsonNode published;

    @BeforeAll
    static void anExportArrives() throws Exception {
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
                            "lake_(ingest|quality|analytics)"))) {
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
        } finally {
            if (scheduled != null) {
                scheduled.run("down");
            }
        }
    }

    /** Searches of three months. */
    private static String searches() {
        return Exports.searches("pear", "quince", "plum")
                .replaceFirst("2024-05-01", "2024-01-01")
                .replaceFirst("2024-05-02", "2024-02-02");
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
}
