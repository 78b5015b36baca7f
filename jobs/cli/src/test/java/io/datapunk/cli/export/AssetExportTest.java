package io.datapunk.cli.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.testkit.AnsweringServer;
import io.datapunk.testkit.AnsweringServer.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Airflow is told of commands that ran outside of it. */
class AssetExportTest {
    private static final String EVENTS = "POST /api/v2/assets/events";
    private static final Instant STARTED = Instant.parse("2026-05-01T10:00:00Z");

    private AnsweringServer airflow;

    @BeforeEach
    void start() throws IOException {
        airflow = new AnsweringServer()
                .answer(
                        "GET /api/v2/assets?limit=100&offset=0",
                        200,
                        "{\"assets\":[{\"id\":3,\"name\":\"lake://tiers\",\"uri\":\"lake://tiers/\",\"scheduled_dags\":[]}]}")
                .answer("GET /api/v2/assets", 200, "{\"assets\":[]}")
                .answer(EVENTS, 200, "{\"timestamp\":\"2026-05-01T10:00:08Z\"}");
    }

    @AfterEach
    void stop() {
        airflow.close();
    }

    @Test
    void aCommandThatEndedWellIsAnEventOfItsAsset() {
        assertThat(told("tier apply", 0, airflow.url(), Map.of())).isEmpty();

        assertThat(airflow.requests().stream().filter(request -> request.line().equals(EVENTS)))
                .containsExactly(new Request(
                        EVENTS,
                        "Bearer hunter2",
                        "{\"asset_id\":3,\"extra\":{\"command\":\"lake tier apply\",\"lake\":\"/data/lake\","
                                + "\"version\":\"1.0\",\"started_at\":\"2026-05-01T10:00:00Z\","
                                + "\"ended_at\":\"2026-05-01T10:00:07Z\"}}"));
    }

    @Test
    void whatFailedOrFellShortIsNone() {
        assertThat(told("tier apply", 1, airflow.url(), Map.of())).isEmpty();
        assertThat(told("tier apply", 3, airflow.url(), Map.of())).isEmpty();

        assertThat(airflow.asked()).isEmpty();
    }

    @Test
    void insideOfATaskTheDagTellsIt() {
        assertThat(told("tier apply", 0, airflow.url(), Map.of("AIRFLOW_CTX_DAG_ID", "lake_tiering")))
                .isEmpty();

        assertThat(airflow.asked()).isEmpty();
    }

    @Test
    void ofACommandWithoutAnAssetNothingIsTold() {
        assertThat(told("tier pin", 0, airflow.url(), Map.of())).isEmpty();

        assertThat(airflow.asked()).isEmpty();
    }

    @Test
    void anAssetThatNoDagNamesIsAWarning() {
        assertThat(told("ingest", 0, airflow.url(), Map.of()))
                .singleElement()
                .asString()
                .startsWith("lake.airflow.events: there is no asset lake://ingest: ")
                .contains("name lake://tiers");
    }

    @Test
    void whoDoesNotListenIsAWarningAndWhoKeepsSilentIsOneSoon() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        assertThat(told("ingest", 0, "http://127.0.0.1:" + port, Map.of()))
                .singleElement()
                .asString()
                .contains("Airflow at http://127.0.0.1:" + port + " does not answer: java.net.ConnectException");

        try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            String url = "http://127.0.0.1:" + silent.getLocalPort();
            assertThat(told("ingest", 0, url, Map.of()))
                    .singleElement()
                    .asString()
                    .contains("Airflow at " + url + " does not answer: java.net.http.HttpTimeoutException");
        }
    }

    private static List<String> told(String command, int exitCode, String url, Map<String, String> variables) {
        Map<String, String> environment = new HashMap<>(Map.of("LAKE_AIRFLOW_TOKEN", "hunter2"));
        environment.putAll(variables);
        LakeConfig config = LakeConfig.load(
                null,
                environment,
                Map.of("lake.home", "/data/lake", "lake.airflow.url", url, "lake.airflow.events", "true"));
        return JobExports.begin(new JobRun(command, STARTED, "1.0", config, environment))
                .ended(new JobEnd(exitCode, STARTED.plusSeconds(7), 7, Optional.empty(), List.of(), List.of()));
    }
}
