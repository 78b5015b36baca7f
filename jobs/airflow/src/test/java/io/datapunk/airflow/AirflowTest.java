package io.datapunk.airflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.LakeException;
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
import org.assertj.core.api.ObjectAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AirflowTest {
    private static final String LOGIN = "POST /auth/token";
    private static final String VERSION = "GET /api/v2/version";
    private static final String RUNS = "POST /api/v2/dags/greet/dagRuns";
    private static final String RUN = "GET /api/v2/dags/greet/dagRuns/r1";
    private static final String BACKFILLS = "POST /api/v2/backfills";
    private static final Backfill.Request REQUEST = new Backfill.Request(
            "greet",
            Instant.parse("2026-03-01T00:00:00Z"),
            Instant.parse("2026-03-03T00:00:00Z"),
            Backfill.Reprocess.NONE,
            2,
            true);

    private AnsweringServer server;

    @BeforeEach
    void start() throws IOException {
        server = new AnsweringServer()
                .answer(LOGIN, 201, "{\"access_token\":\"first\"}")
                .answer(LOGIN, 201, "{\"access_token\":\"second\"}")
                .answer(VERSION, 200, "{\"version\":\"3.4.0\"}");
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void logsInOnceAndShowsTheTokenAfterwards() {
        Airflow airflow = airflow();

        assertThat(List.of(airflow.version(), airflow.version())).containsOnly("3.4.0");

        assertThat(server.requests())
                .containsExactly(
                        new Request(LOGIN, "", "{\"username\":\"ann\",\"password\":\"hunter2\"}"),
                        new Request(VERSION, "Bearer first", ""),
                        new Request(VERSION, "Bearer first", ""));
    }

    @Test
    void takesTheTokenByItsOtherName() throws IOException {
        try (AnsweringServer other = new AnsweringServer()
                .answer(LOGIN, 201, "{\"jwt_token\":\"older\"}")
                .answer(VERSION, 200, "{\"version\":\"3.0.0\"}")) {
            assertThat(airflow(other.url(), Map.of(), Map.of()).version()).isEqualTo("3.0.0");

            assertThat(other.requests()).extracting(Request::authorization).containsExactly("", "Bearer older");
        }
    }

    @Test
    void needsNoLoginWithATokenFromTheConfiguration() {
        airflow(server.url(), Map.of(), Map.of("LAKE_AIRFLOW_TOKEN", "given")).version();

        assertThat(server.requests()).containsExactly(new Request(VERSION, "Bearer given", ""));
    }

    @Test
    void makesANewTokenWhereTheOldOneHasEnded() {
        // What Airflow says of one that was signed by another key.
        server.answer(RUN, 403, "{\"detail\":\"Invalid JWT token\"}").answer(RUN, 200, run("queued"));

        Airflow airflow = airflow();
        airflow.version();

        assertThat(airflow.run("greet", "r1").orElseThrow().state()).isEqualTo("queued");

        assertThat(server.requests())
                .extracting(Request::line, Request::authorization)
                .containsExactly(
                        tuple(LOGIN, ""),
                        tuple(VERSION, "Bearer first"),
                        tuple(RUN, "Bearer first"),
                        tuple(LOGIN, ""),
                        tuple(RUN, "Bearer second"));
    }

    @Test
    void makesOneNewTokenAndNoMore() {
        server.answer(RUN, 401, "{\"detail\":\"Token Expired\"}");
        Airflow airflow = airflow();
        airflow.version();

        failure(() -> airflow.run("greet", "r1"))
                .returns(
                        "Airflow at " + server.url() + " answered with status 401: Token Expired",
                        LakeException::reason);
        assertThat(server.asked()).containsExactly(LOGIN, VERSION, RUN, LOGIN, RUN);
    }

    @Test
    void saysThatATokenHasEndedWhereNobodyCanLogIn() {
        server.answer(RUN, 401, "{\"detail\":\"Token Expired\"}");

        failure(() -> airflow(
                                server.url(),
                                Map.of("lake.airflow.user", ""),
                                Map.of("LAKE_AIRFLOW_TOKEN", "given", "LAKE_AIRFLOW_PASSWORD", ""))
                        .run("greet", "r1"))
                .returns(LakeException.Kind.USAGE, LakeException::kind)
                .satisfies(
                        problem -> assertThat(problem.remedy()).contains("make a new token for", "LAKE_AIRFLOW_TOKEN"));
    }

    @Test
    void saysThatThePasswordIsWrongWithoutTellingIt() throws IOException {
        try (AnsweringServer other = new AnsweringServer().answer(LOGIN, 401, "{\"detail\":\"Invalid credentials\"}")) {
            failure(airflow(other.url(), Map.of(), Map.of())::version)
                    .returns(LakeException.Kind.USAGE, LakeException::kind)
                    .returns("ann cannot log in to Airflow", LakeException::problem)
                    .satisfies(problem -> assertThat(problem.getMessage())
                            .contains("Invalid credentials", "LAKE_AIRFLOW_PASSWORD")
                            .doesNotContain("hunter2"));
            assertThat(other.asked()).containsExactly(LOGIN);
        }
    }

    @Test
    void saysWhereNobodyListens() throws IOException {
        String url;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            url = "http://127.0.0.1:" + closed.getLocalPort();
        }

        failure(airflow(url, Map.of(), Map.of())::version)
                .returns(LakeException.Kind.FAILED, LakeException::kind)
                .satisfies(problem -> assertThat(problem.getMessage())
                        .contains("Airflow at " + url + " does not answer", "ConnectException", "lake.airflow.url"));
    }

    @Test
    void saysWhereSomebodyElseAnswers() throws IOException {
        try (AnsweringServer other = new AnsweringServer().answer(LOGIN, 200, "<html>Welcome</html>")) {
            failure(airflow(other.url(), Map.of(), Map.of())::version)
                    .returns(other.url() + " answers, but not as Airflow does", LakeException::reason);
            assertThat(other.asked()).containsExactly(LOGIN);
        }
    }

    @Test
    void triggersAgainWhereTheServerFailedOrWasLost() {
        server.answer(RUNS, 503, "{}").hangUp(RUNS).answer(RUNS, 200, run("queued"));

        DagRun run = airflow().trigger("greet", "r1", Optional.empty(), Map.of("times", 2));

        assertThat(run.state()).isEqualTo("queued");
        assertThat(server.requests().subList(1, 4))
                .containsOnly(new Request(
                        RUNS, "Bearer first", "{\"dag_run_id\":\"r1\",\"logical_date\":null,\"conf\":{\"times\":2}}"));
    }

    @Test
    void findsTheRunThatAnEarlierAttemptHasMade() {
        server.hangUp(RUNS).answer(RUNS, 409, "{\"detail\":{\"reason\":\"Unique constraint violation\"}}");
        server.answer(RUN, 200, run("running"));

        assertThat(airflow().trigger("greet", "r1", Optional.empty(), Map.of()).state())
                .isEqualTo("running");
    }

    @Test
    void tellsARunOfTheSameLogicalDateFromOneOfTheSameId() {
        server.answer(RUNS, 409, "{\"detail\":{\"reason\":\"Unique constraint violation\"}}");

        failure(() -> airflow().trigger("greet", "r1", Optional.of(Instant.parse("2026-03-01T00:00:00Z")), Map.of()))
                .returns("another run of it has the logical date 2026-03-01T00:00:00Z", LakeException::reason);
    }

    @Test
    void beginsABackfillAgainOnlyWhereAirflowSaysThatItHasNotBegun() {
        server.answer(BACKFILLS, 503, "{\"detail\":\"Database is locked\"}").hangUp(BACKFILLS);

        failure(() -> airflow().backfill(REQUEST)).returns(LakeException.Kind.FAILED, LakeException::kind);

        Request asked = new Request(
                BACKFILLS,
                "Bearer first",
                "{\"dag_id\":\"greet\",\"from_date\":\"2026-03-01T00:00:00Z\",\"to_date\":\"2026-03-03T00:00:00Z\","
                        + "\"run_backwards\":true,\"reprocess_behavior\":\"none\",\"max_active_runs\":2}");
        assertThat(server.requests()).hasSize(3).endsWith(asked, asked);
    }

    @Test
    void tellsOfAnAssetOnce() {
        server.answer(
                        "GET /api/v2/assets?limit=100&offset=0",
                        200,
                        "{\"assets\":[{\"id\":7,\"name\":\"lake://ingest\",\"uri\":\"lake://ingest/\","
                                + "\"scheduled_dags\":[{\"dag_id\":\"b\"},{\"dag_id\":\"a\"}]}],\"total_entries\":1}")
                .answer("GET /api/v2/assets", 200, "{\"assets\":[],\"total_entries\":1}")
                .answer("POST /api/v2/assets/events", 200, "{\"timestamp\":\"2026-03-01T10:00:00.5Z\"}")
                .answer("POST /api/v2/assets/events", 503, "{}");
        Airflow airflow = airflow();

        assertThat(airflow.event("lake://ingest", Map.of("rows", 7)))
                .isEqualTo(new AssetEvent("lake://ingest", Instant.parse("2026-03-01T10:00:00.5Z"), List.of("a", "b")));
        failure(() -> airflow.event("lake://ingest", Map.of()))
                .returns("Airflow at " + server.url() + " answered with status 503", LakeException::reason);
        assertThat(server.requests().stream().filter(request -> request.line().equals("POST /api/v2/assets/events")))
                .extracting(Request::body)
                .containsExactly("{\"asset_id\":7,\"extra\":{\"rows\":7}}", "{\"asset_id\":7,\"extra\":{}}");
        failure(() -> airflow.event("lake://heat", Map.of()))
                .returns(LakeException.Kind.USAGE, LakeException::kind)
                .satisfies(problem -> assertThat(problem.reason()).endsWith("name lake://ingest"));
    }

    @Test
    void readsAllPages() {
        server.answer("GET /api/v2/dags?limit=100&offset=0", 200, dags("a", "b"))
                .answer("GET /api/v2/dags?limit=100&offset=2", 200, dags("c"))
                .answer("GET /api/v2/dags?limit=100&offset=3", 200, dags());

        assertThat(airflow().dags()).extracting(Dag::id).containsExactly("a", "b", "c");
    }

    @Test
    void namesTheFieldThatAirflowRefuses() {
        server.answer(
                BACKFILLS,
                422,
                "{\"detail\":[{\"loc\":[\"body\",\"max_active_runs\"],\"msg\":\"Input should be above 0\","
                        + "\"input\":0}]}");

        failure(() -> airflow().backfill(REQUEST))
                .returns(LakeException.Kind.USAGE, LakeException::kind)
                .returns(
                        "no backfill of greet from 2026-03-01T00:00:00Z to 2026-03-03T00:00:00Z",
                        LakeException::problem)
                .returns(
                        "Airflow at " + server.url()
                                + " answered with status 422: max_active_runs: Input should be above 0",
                        LakeException::reason);
    }

    @Test
    void saysWhoMayNot() {
        server.answer(RUNS, 403, "{\"detail\":\"Forbidden\"}");

        failure(() -> airflow().trigger("greet", "r1", Optional.empty(), Map.of()))
                .returns(LakeException.Kind.FAILED, LakeException::kind)
                .satisfies(problem -> assertThat(problem.remedy()).contains("a role in Airflow"));
        assertThat(server.asked()).containsExactly(LOGIN, RUNS);
    }

    @Test
    void saysThatThereIsNoSuchDag() {
        failure(() -> airflow().dag("nope"))
                .returns(LakeException.Kind.USAGE, LakeException::kind)
                .returns("there is no DAG nope", LakeException::problem);
    }

    @Test
    void waitsUntilARunHasEnded() {
        server.answer(RUN, 200, run("queued")).answer(RUN, 200, run("running")).answer(RUN, 200, run("failed"));
        Airflow airflow = airflow();

        assertThat(airflow.await(airflow.run("greet", "r1").orElseThrow()).state())
                .isEqualTo("failed");
    }

    @Test
    void waitsNoLongerThanItMay() {
        server.answer(RUN, 200, run("running"));
        Airflow airflow = airflow(server.url(), Map.of("lake.airflow.wait-limit", "5 ms"), Map.of());

        failure(() -> airflow.await(airflow.run("greet", "r1").orElseThrow()))
                .returns("the run r1 of greet has not ended", LakeException::problem);
    }

    private Airflow airflow() {
        return airflow(server.url(), Map.of(), Map.of());
    }

    private static Airflow airflow(String url, Map<String, String> settings, Map<String, String> variables) {
        Map<String, String> overrides = new HashMap<>(Map.of(
                "lake.airflow.url", url + "/",
                "lake.airflow.user", "ann",
                "lake.airflow.retries", "2",
                "lake.airflow.poll-interval", "1 ms"));
        overrides.putAll(settings);
        Map<String, String> environment = new HashMap<>(Map.of("LAKE_AIRFLOW_PASSWORD", "hunter2"));
        environment.putAll(variables);
        return Airflow.of(LakeConfig.load(null, environment, overrides).airflow());
    }

    private static ObjectAssert<LakeException> failure(ThrowingCallable call) {
        return assertThatThrownBy(call).asInstanceOf(type(LakeException.class));
    }

    private static String run(String state) {
        return "{\"dag_id\":\"greet\",\"dag_run_id\":\"r1\",\"state\":\"" + state + "\",\"more\":{\"than\":[\"we\"]}}";
    }

    private static String dags(String... ids) {
        return "{\"dags\":["
                + String.join(
                        ",",
                        List.of(ids).stream()
                                .map(id -> "{\"dag_id\":\"" + id + "\",\"is_paused\":false}")
                                .toList())
                + "],\"total_entries\":3}";
    }
}
