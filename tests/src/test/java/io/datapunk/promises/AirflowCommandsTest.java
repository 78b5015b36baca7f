package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.datapunk.testkit.AirflowServer;
import io.datapunk.testkit.PythonEnvironment;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lake airflow} with a real Airflow: what the commands say has happened there. */
@Tag("full")
class AirflowCommandsTest {
    private static final String DAGS = """
            from datetime import datetime

            from airflow.sdk import DAG, Asset, Param, task

            FOREVER = {"start_date": datetime(2026, 1, 1), "is_paused_upon_creation": False}

            with DAG(
                "greet",
                schedule="@daily",
                params={"name": "Ann", "times": Param(1, type="integer", minimum=1), "fail": False},
                catchup=False,
                **FOREVER,
            ):

                @task(retries=0)
                def greet(params=None):
                    if params["fail"]:
                        raise ValueError("told to fail")
                    return params["name"] * params["times"]

                @task
                def leave():
                    pass

                greet() >> leave()

            with DAG("listen", schedule=[Asset("lake://ingest")], **FOREVER):

                @task
                def tell(triggering_asset_events=None):
                    return [event.extra for events in triggering_asset_events.values() for event in events]

                tell()

            with DAG("sleep", schedule=None, start_date=datetime(2026, 1, 1), is_paused_upon_creation=True):

                @task
                def snore():
                    pass

                snore()
            """;

    @TempDir
    private static Path folder;

    private static AirflowServer airflow;
    private static LakeCommands lake;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        // Else the first command would start Spark, in a home that goes with its test.
        SharedSpark.session();
        Path dags = Files.createDirectories(folder.resolve("dags"));
        Files.writeString(dags.resolve("dags.py"), DAGS);
        airflow = new AirflowServer(
                        PythonEnvironment.of(Path.of("python/airflow.txt")),
                        Files.createDirectories(folder.resolve("airflow")),
                        dags,
                        Map.of())
                .start();
        lake = lake(Map.of());
        for (int attempt = 0; lake.run("airflow", "status", "listen").exitCode() != 0; attempt++) {
            assertThat(attempt).as(Files.readString(airflow.log())).isLessThan(120);
            TimeUnit.SECONDS.sleep(1);
        }
    }

    @AfterAll
    static void stop() {
        if (airflow != null) {
            airflow.close();
        }
    }

    @Test
    void aRunHasTheParamsWithTheirTypesAndIsTriggeredOnce() throws IOException, InterruptedException {
        String[] command = {"airflow", "trigger", "greet", "--param", "name=Zoë", "--param", "times=2", "--wait"};

        LakeCommands.Ended before = lake.run(with(command, "--dry-run"));
        JsonNode triggered = lake.result(command);
        JsonNode again = lake.result(command);

        String id = triggered.get("run_id").asText();
        assertThat(before.out())
                .isEqualTo("Would trigger greet with {\"name\":\"Zoë\",\"times\":2}, run " + id + ".\n");
        assertThat(triggered.get("triggered").asBoolean()).isTrue();
        assertThat(triggered.get("state").asText()).isEqualTo("success");
        assertThat(again.get("triggered").asBoolean()).isFalse();
        assertThat(again.get("run_id").asText()).isEqualTo(id);
        assertThat(lake.run(command).out())
                .startsWith("Nothing was triggered. There is greet with {\"name\":\"Zoë\",\"times\":2}, run " + id
                        + ", since ");
        JsonNode there = served("/api/v2/dags/greet/dagRuns/" + id);
        assertThat(there.get("conf")).hasToString("{\"name\":\"Zoë\",\"times\":2}");
        assertThat(there.get("state").asText()).isEqualTo("success");
        assertThat(served("/api/v2/dags/greet/dagRuns/" + id + "/taskInstances/greet/xcomEntries/return_value")
                        .get("value")
                        .asText())
                .contains("ZoëZoë");
    }

    @Test
    void aRunThatFailsFailsTheCommandWhichNamesTheTasks() {
        LakeCommands.Ended ended = lake.run(
                "airflow", "trigger", "greet", "--param", "fail=true", "--run-id", "to-fail", "--wait", "--json");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.result().get("failed_tasks"))
                .extracting(JsonNode::asText)
                .containsExactly("greet");
        assertThat(ended.err())
                .contains(
                        "the run to-fail of greet failed",
                        "these tasks failed: greet",
                        airflow.url() + "/dags/greet/runs/to-fail");
        LakeCommands.Ended status = lake.run("airflow", "status", "greet", "--run-id", "to-fail", "--json");
        assertThat(status.exitCode()).isEqualTo(3);
        Map<String, String> states = new TreeMap<>();
        status.result()
                .get("tasks")
                .forEach(task ->
                        states.put(task.get("task").asText(), task.get("state").asText()));
        assertThat(states).containsExactlyInAnyOrderEntriesOf(Map.of("greet", "failed", "leave", "upstream_failed"));
    }

    @Test
    void aBackfillRunsTheDatesThatItsDryRunHasTold() {
        String[] command = {"airflow", "backfill", "greet", "--from", "2026-03-01", "--to", "2026-03-03"};
        List<String> days = List.of("2026-03-01T00:00:00Z", "2026-03-02T00:00:00Z", "2026-03-03T00:00:00Z");

        JsonNode told = lake.result(with(command, "--dry-run"));
        JsonNode done = lake.result(with(command, "--wait", "--max-active-runs", "1"));
        JsonNode again = lake.result(with(command, "--wait"));

        assertThat(told.get("dates").findValuesAsText("logical_date")).containsExactlyElementsOf(days);
        assertThat(told.get("backfill_id").isNull()).isTrue();
        assertThat(done.get("dates").findValuesAsText("logical_date")).containsExactlyElementsOf(days);
        assertThat(done.get("dates").findValuesAsText("state")).containsOnly("success");
        assertThat(again.get("dates").findValuesAsText("left_out")).containsOnly("already exists");
        LakeCommands.Ended third = lake.run("airflow", "trigger", "greet", "--logical-date", "2026-03-01");
        assertThat(third.exitCode()).isEqualTo(1);
        assertThat(third.err()).contains("another run of it has the logical date 2026-03-01T00:00:00Z");
    }

    @Test
    void anEventOfAnAssetRunsTheDagThatIsScheduledByIt() throws InterruptedException {
        JsonNode told = lake.result("airflow", "event", "lake://ingest", "--extra", "rows=7");

        assertThat(told.get("waiting")).extracting(JsonNode::asText).containsExactly("listen");
        JsonNode run = null;
        for (int attempt = 0; run == null || !run.at("/state").asText().equals("success"); attempt++) {
            assertThat(attempt).as("%s", run).isLessThan(120);
            TimeUnit.SECONDS.sleep(1);
            run = lake.result("airflow", "status", "listen").at("/dags/0/last_run");
        }
        assertThat(run.get("run_id").asText()).startsWith("asset_triggered__");
        LakeCommands.Ended unknown = lake.run("airflow", "event", "lake://lost");
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.err()).contains("there is no asset lake://lost", "name lake://ingest");
    }

    @Test
    void aDagThatIsPausedIsNotWaitedFor() {
        LakeCommands.Ended ended = lake.run("airflow", "trigger", "sleep", "--wait");

        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.err()).contains("was not waited for", "sleep is paused");
        JsonNode line = lake.result("airflow", "status", "sleep").at("/dags/0");
        assertThat(line.get("paused").asBoolean()).isTrue();
        assertThat(line.at("/last_run/state").asText()).isEqualTo("queued");
    }

    @Test
    void theStatusListsEveryDag() {
        LakeCommands.Ended ended = lake.run("airflow", "status", "--json");

        assertThat(ended.result().get("version").asText()).startsWith("3.4.");
        assertThat(ended.result().get("dags").findValuesAsText("dag")).containsExactly("greet", "listen", "sleep");
        assertThat(ended.result().get("dags").findValuesAsText("schedule")).startsWith("0 0 * * *", "Asset");
        assertThat(ended.result().at("/dags/0/next_run").asText()).matches("\\d{4}-\\d\\d-\\d\\dT00:00:00Z");
    }

    @Test
    void whatAirflowRefusesIsSaid() {
        assertThat(lake.run("airflow", "trigger", "nope").failure())
                .startsWith("lake: there is no DAG nope\n")
                .contains("The Dag with ID: `nope` was not found");
        assertThat(lake.run("airflow", "status", "greet", "--run-id", "nope").failure())
                .startsWith("lake: greet has no run nope\n");
        LakeCommands.Ended param = lake.run("airflow", "trigger", "greet", "--param", "times=two");
        assertThat(param.exitCode()).isEqualTo(2);
        assertThat(param.failure()).contains("Invalid input for param times: 'two' is not of type 'integer'");
        LakeCommands.Ended unscheduled =
                lake.run("airflow", "backfill", "sleep", "--from", "2026-03-01", "--to", "2026-03-02");
        assertThat(unscheduled.exitCode()).isEqualTo(2);
        assertThat(unscheduled.failure()).contains("non-periodic schedule");
        LakeCommands.Ended stranger =
                lake(Map.of("LAKE_AIRFLOW_PASSWORD", "wrong")).run("airflow", "status");
        assertThat(stranger.exitCode()).isEqualTo(2);
        assertThat(stranger.failure())
                .startsWith("lake: " + AirflowServer.USER + " cannot log in to Airflow\n")
                .contains("status 401: Invalid credentials");
        LakeCommands.Ended ended = lake(Map.of("LAKE_AIRFLOW_USER", "", "LAKE_AIRFLOW_TOKEN", "ended"))
                .run("airflow", "status");
        assertThat(ended.exitCode()).isEqualTo(1);
        assertThat(ended.failure()).contains("status 403: Invalid JWT token", "make a new one");
    }

    @Test
    void aTokenThatHasEndedIsRenewed() {
        assertThat(lake(Map.of("LAKE_AIRFLOW_TOKEN", "ended"))
                        .result("airflow", "status", "sleep")
                        .get("dags"))
                .hasSize(1);
    }

    @Test
    void theDocumentThatTheClientIsMadeOfIsPartOfTheOneThatAirflowServes() throws IOException, InterruptedException {
        JsonNode ours = new YAMLMapper()
                .readTree(
                        Path.of("../jobs/airflow/src/main/openapi/airflow.yaml").toFile());
        ObjectNode served = (ObjectNode) served("/openapi.json");
        // The way to log in is an application of its own, below /auth.
        ObjectNode login = (ObjectNode) served("/auth/openapi.json");
        login.get("paths").properties().forEach(path -> ((ObjectNode) served.get("paths"))
                .set("/auth" + path.getKey(), path.getValue()));
        ((ObjectNode) served.at("/components/schemas")).setAll((ObjectNode) login.at("/components/schemas"));

        assertThat(new AirflowDocument(ours, served).differences()).isEmpty();

        // As another Airflow might have it.
        ObjectNode schemas = (ObjectNode) served.at("/components/schemas");
        ((ObjectNode) schemas.at("/DAGRunResponse/properties")).remove("state");
        ((ObjectNode) schemas.at("/AssetResponse/properties/id")).put("type", "string");
        schemas.withArray("/TriggerDAGRunPostBody/required").add("reason");
        ((ObjectNode) served.get("paths")).remove("/api/v2/backfills/dry_run");
        assertThat(new AirflowDocument(ours, served).differences())
                .contains(
                        "post /api/v2/dags/{dag_id}/dagRuns, answer 200.state is not there",
                        "post /api/v2/dags/{dag_id}/dagRuns, request.reason is required there",
                        "post /api/v2/backfills/dry_run is not there")
                .anyMatch(difference -> difference.startsWith("get /api/v2/assets, answer 200.assets[].id is "));
    }

    /** What Airflow answers somebody else than the client under test. */
    private static JsonNode served(String path) throws IOException, InterruptedException {
        ObjectMapper json = new ObjectMapper();
        HttpClient client =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
        String login = json.createObjectNode()
                .put("username", AirflowServer.USER)
                .put("password", AirflowServer.PASSWORD)
                .toString();
        HttpRequest token = HttpRequest.newBuilder(airflow.url().resolve("/auth/token"))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(login))
                .build();
        String given = json.readTree(
                        client.send(token, HttpResponse.BodyHandlers.ofString()).body())
                .get("access_token")
                .asText();
        HttpRequest request = HttpRequest.newBuilder(airflow.url().resolve(path))
                .header("Authorization", "Bearer " + given)
                .build();
        return json.readTree(
                client.send(request, HttpResponse.BodyHandlers.ofString()).body());
    }

    private static String[] with(String[] command, String... more) {
        return Stream.concat(Stream.of(command), Stream.of(more)).toArray(String[]::new);
    }

    private static LakeCommands lake(Map<String, String> more) {
        Map<String, String> environment = new HashMap<>(Map.of(
                "LAKE_AIRFLOW_URL",
                airflow.url().toString(),
                "LAKE_AIRFLOW_USER",
                AirflowServer.USER,
                "LAKE_AIRFLOW_PASSWORD",
                AirflowServer.PASSWORD,
                "LAKE_AIRFLOW_POLL_INTERVAL",
                "1 s",
                // Its database is one file, which is locked now and then.
                "LAKE_AIRFLOW_RETRIES",
                "6"));
        environment.putAll(more);
        return new LakeCommands(folder.resolve("lake"), environment);
    }
}
