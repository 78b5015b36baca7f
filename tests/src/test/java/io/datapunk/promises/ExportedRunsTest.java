package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.net.httpserver.HttpServer;
import io.datapunk.testkit.SharedSpark;
import io.openlineage.client.OpenLineage.InputDataset;
import io.openlineage.client.OpenLineage.OutputDataset;
import io.openlineage.client.OpenLineage.RunEvent;
import io.openlineage.client.OpenLineage.RunEvent.EventType;
import io.openlineage.client.OpenLineageClientUtils;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What others are told of jobs: an import, a table that is computed of it, and an import that fails, as they arrive at servers
 * for OpenLineage and OpenTelemetry.
 */
class ExportedRunsTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";
    private static final String TOKEN = "hunter2";
    private static final String API_KEY = "hunter3";

    /** A request as it arrived. */
    private record Received(Map<String, String> headers, byte[] body) {}

    @TempDir
    private static Path folder;

    private static final List<Received> lineage = new CopyOnWriteArrayList<>();
    private static final List<Received> traces = new CopyOnWriteArrayList<>();
    private static HttpServer server;
    private static Path export;
    private static Path missing;
    private static LakeCommands lake;
    private static LakeCommands.Ended ingested;
    private static LakeCommands.Ended published;
    private static LakeCommands.Ended failed;

    @BeforeAll
    static void threeJobs() throws IOException {
        // Else the first command would start Spark, in a home that goes with its test.
        SharedSpark.session();
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        receive("/api/v1/lineage", lineage);
        receive("/v1/traces", traces);
        server.start();
        export = new Exports(folder)
                .zip("takeout.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("lakes", "punk")));
        missing = folder.resolve("nothing.zip");
        String address = "http://127.0.0.1:" + server.getAddress().getPort();
        lake = new LakeCommands(
                folder.resolve("lake"),
                Map.of(
                        "LAKE_LINEAGE_URL",
                        address,
                        "LAKE_LINEAGE_FILE",
                        folder.resolve("lineage.ndjson").toString(),
                        "LAKE_LINEAGE_TOKEN",
                        TOKEN,
                        "LAKE_TELEMETRY_ENDPOINT",
                        address,
                        "LAKE_TELEMETRY_HEADERS",
                        "x-api-key=" + API_KEY,
                        "TRACEPARENT",
                        "00-" + TRACE + "-" + PARENT + "-01"));
        ingested = lake.run("ingest", export.toString(), "--user", "ann");
        published = lake.run("analytics", "run", "analytics.activity_daily");
        failed = lake.run("ingest", missing.toString(), "--user", "ann");
    }

    @AfterAll
    static void stop() {
        server.stop(0);
    }

    @Test
    void everyJobBeginsAndEndsUnderOneId() {
        assertThat(ingested.exitCode()).as(ingested.err()).isZero();
        assertThat(published.exitCode()).as(published.err()).isZero();
        assertThat(failed.exitCode()).as(failed.err()).isEqualTo(1);
        assertThat(Stream.of(ingested, published, failed).map(LakeCommands.Ended::err))
                .noneMatch(printed -> printed.contains("warning"));
        assertThat(events())
                .extracting(
                        event -> event.getJob().getNamespace(),
                        event -> event.getJob().getName(),
                        RunEvent::getEventType)
                .containsExactly(
                        tuple("datapunk-lake", "ingest", EventType.START),
                        tuple("datapunk-lake", "ingest", EventType.COMPLETE),
                        tuple("datapunk-lake", "analytics run", EventType.START),
                        tuple("datapunk-lake", "analytics run", EventType.COMPLETE),
                        tuple("datapunk-lake", "ingest", EventType.START),
                        tuple("datapunk-lake", "ingest", EventType.FAIL));
        List<Object> ids = events().stream()
                .<Object>map(event -> event.getRun().getRunId())
                .toList();
        assertThat(ids.stream().distinct()).containsExactly(ids.get(0), ids.get(2), ids.get(4));
        assertThat(ids).containsExactly(ids.get(0), ids.get(0), ids.get(2), ids.get(2), ids.get(4), ids.get(4));
    }

    @Test
    void anImportLeadsFromItsFilesToItsTables() {
        RunEvent event = events().get(1);

        assertThat(event.getInputs())
                .extracting(InputDataset::getNamespace, InputDataset::getName)
                .containsExactly(tuple("file", export.toString()));
        assertThat(outputs(event))
                .containsEntry(table("user_data/activity"), newest("user_data/activity"))
                .containsEntry(table("imports/jobs"), newest("imports/jobs"))
                .containsEntry(table("lake/users"), newest("lake/users"))
                .doesNotContainKey(table("analytics/activity_daily"));
        OutputDataset activity = output(event, "user_data/activity");
        assertThat(activity.getNamespace()).isEqualTo("file");
        assertThat(activity.getFacets().getLifecycleStateChange().getLifecycleStateChange())
                .hasToString("CREATE");
        assertThat(activity.getFacets().getSymlinks().getIdentifiers())
                .extracting(link -> link.getName())
                .containsExactly("user_data.activity");
        assertThat(activity.getFacets().getSchema().getFields())
                .extracting(field -> field.getName() + " " + field.getType())
                .contains("title string", "event_time timestamp", "month string");
    }

    @Test
    void aPublishedTableLeadsFromTheVersionsThatItWasComputedOf() {
        RunEvent event = events().get(3);

        assertThat(event.getInputs())
                .extracting(
                        InputDataset::getName,
                        input -> input.getFacets().getVersion().getDatasetVersion())
                .contains(tuple(table("user_data/activity"), newest("user_data/activity")))
                .doesNotContain(tuple(table("analytics/activity_daily"), "0"));
        assertThat(outputs(event))
                .containsEntry(table("analytics/activity_daily"), newest("analytics/activity_daily"))
                .doesNotContainKey(table("user_data/activity"));
    }

    @Test
    void aFailureSaysProblemAndCause() {
        String why = missing + " cannot be read: there is no such file";

        assertThat(events().get(5).getRun().getFacets().getErrorMessage().getMessage())
                .isEqualTo(why);
        Span command = root("lake ingest", Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(command.getStatus().getMessage()).isEqualTo(why);
        assertThat(attributes(command.getAttributesList()))
                .containsEntry("process.exit.code", "1")
                .containsEntry("error.type", "io.datapunk.lake.model.LakeException");
        assertThat(command.getEventsList()).singleElement().satisfies(event -> {
            assertThat(event.getName()).isEqualTo("exception");
            assertThat(attributes(event.getAttributesList())).containsEntry("exception.message", why);
        });
    }

    @Test
    void theFileHasWhatTheServerGot() throws IOException {
        assertThat(Files.readAllLines(folder.resolve("lineage.ndjson")))
                .containsExactlyElementsOf(lineage.stream()
                        .map(request -> new String(request.body(), StandardCharsets.UTF_8))
                        .toList());
    }

    @Test
    void aCommandIsATraceWithASpanForEachStage() {
        Span command = root("lake ingest", Status.StatusCode.STATUS_CODE_UNSET);

        assertThat(attributes(command.getAttributesList()))
                .containsEntry("lake.command", "ingest")
                .containsEntry("lake.home", lake.home().toString())
                .containsEntry("process.exit.code", "0");
        assertThat(spans().stream().filter(span -> span.getParentSpanId().equals(command.getSpanId())))
                .extracting(Span::getName)
                .contains("reading entries");
        Span publishing = root("lake analytics run", Status.StatusCode.STATUS_CODE_UNSET);
        assertThat(spans().stream().filter(span -> span.getParentSpanId().equals(publishing.getSpanId())))
                .singleElement()
                .satisfies(stage -> {
                    assertThat(stage.getName()).isEqualTo("publishing");
                    assertThat(attributes(stage.getAttributesList()))
                            .containsEntry("lake.stage.amount", "1")
                            .containsEntry("lake.stage.unit", "tables");
                    assertThat(stage.getStartTimeUnixNano()).isGreaterThanOrEqualTo(publishing.getStartTimeUnixNano());
                    assertThat(stage.getEndTimeUnixNano()).isLessThanOrEqualTo(publishing.getEndTimeUnixNano());
                });
    }

    @Test
    void tracesContinueTheSchedulersAndSayWhoseTheyAre() {
        assertThat(spans()).allSatisfy(span -> assertThat(hex(span.getTraceId().toByteArray()))
                .isEqualTo(TRACE));
        assertThat(requests()
                        .flatMap(request -> request.getResourceSpansList().stream())
                        .map(resource -> attributes(resource.getResource().getAttributesList())))
                .isNotEmpty()
                .allSatisfy(resource -> assertThat(resource)
                        .containsEntry("service.name", "datapunk-lake")
                        .containsKey("service.version"));
    }

    @Test
    void secretsAreSentAndNeverPrinted() {
        assertThat(lineage)
                .allSatisfy(request -> assertThat(request.headers()).containsEntry("Authorization", "Bearer " + TOKEN));
        assertThat(traces).allSatisfy(request -> assertThat(request.headers()).containsEntry("X-api-key", API_KEY));
        LakeCommands.Ended shown = lake.run("config", "show");
        assertThat(Stream.of(ingested, published, failed, shown).map(ended -> ended.out() + ended.err()))
                .noneMatch(printed -> printed.contains(TOKEN) || printed.contains(API_KEY));
    }

    @Test
    void whoDoesNotAnswerIsAWarningAndNoFailure() throws IOException {
        int port;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = closed.getLocalPort();
        }
        String address = "http://127.0.0.1:" + port;
        LakeCommands cutOff =
                new LakeCommands(lake.home(), Map.of("LAKE_LINEAGE_URL", address, "LAKE_TELEMETRY_ENDPOINT", address));

        LakeCommands.Ended ended = cutOff.run("analytics", "run", "analytics.activity_daily", "--json");

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.result().at("/0/refresh").asText()).isEqualTo("UNCHANGED");
        assertThat(ended.err().lines().filter(line -> line.startsWith("lake: warning: ")))
                .satisfiesExactlyInAnyOrder(
                        warning -> assertThat(warning)
                                .contains("lineage was not sent to " + address + ": ", "refused", "lake.lineage.url"),
                        warning -> assertThat(warning)
                                .contains(
                                        "the trace was not sent to " + address + "/v1/traces: ",
                                        "ConnectException",
                                        "lake.telemetry.endpoint"));
    }

    @Test
    void whoRefusesIsAWarningToo() {
        server.createContext("/closed", exchange -> {
            byte[] page = ("who are you? " + "?".repeat(1000)).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(401, page.length);
            exchange.getResponseBody().write(page);
            exchange.close();
        });
        String address = "http://127.0.0.1:" + server.getAddress().getPort() + "/closed";
        LakeCommands refused =
                new LakeCommands(lake.home(), Map.of("LAKE_LINEAGE_URL", address, "LAKE_TELEMETRY_ENDPOINT", address));

        LakeCommands.Ended ended = refused.run("analytics", "run", "analytics.activity_daily");

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(ended.err().lines().filter(line -> line.startsWith("lake: warning: ")))
                .hasSize(2)
                .allSatisfy(warning -> assertThat(warning).contains("401").hasSizeLessThan(700));
    }

    @Test
    void whoKeepsSilentHoldsNobodyUpForLong() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
            String address = "http://127.0.0.1:" + silent.getLocalPort();
            LakeCommands waiting = new LakeCommands(
                    lake.home(), Map.of("LAKE_LINEAGE_URL", address, "LAKE_TELEMETRY_ENDPOINT", address));

            LakeCommands.Ended ended = waiting.run("analytics", "run", "analytics.activity_daily");

            assertThat(ended.exitCode()).as(ended.err()).isZero();
            assertThat(ended.err().lines().filter(line -> line.startsWith("lake: warning: ")))
                    .anyMatch(warning -> warning.contains("lineage was not sent to " + address))
                    .anyMatch(warning -> warning.contains("the trace was not sent to " + address));
        }
    }

    private static void receive(String path, List<Received> received) {
        server.createContext(path, exchange -> {
            Map<String, String> headers = new TreeMap<>();
            exchange.getRequestHeaders().forEach((name, values) -> headers.put(name, values.get(0)));
            received.add(new Received(headers, exchange.getRequestBody().readAllBytes()));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
    }

    private static List<RunEvent> events() {
        return lineage.stream()
                .map(request ->
                        OpenLineageClientUtils.runEventFromJson(new String(request.body(), StandardCharsets.UTF_8)))
                .toList();
    }

    private static Map<String, String> outputs(RunEvent event) {
        Map<String, String> versions = new TreeMap<>();
        event.getOutputs()
                .forEach(output -> versions.put(
                        output.getName(), output.getFacets().getVersion().getDatasetVersion()));
        return versions;
    }

    private static OutputDataset output(RunEvent event, String table) {
        return event.getOutputs().stream()
                .filter(output -> output.getName().equals(table(table)))
                .findFirst()
                .orElseThrow();
    }

    private static String table(String name) {
        return lake.home() + "/tables/" + name;
    }

    /** As the table's log has it. */
    private static String newest(String table) {
        String[] commits = Path.of(table(table), "_delta_log").toFile().list((log, name) -> name.endsWith(".json"));
        return Long.toString(Stream.of(commits)
                .mapToLong(name -> Long.parseLong(name.replace(".json", "")))
                .max()
                .orElseThrow());
    }

    private static Stream<ExportTraceServiceRequest> requests() {
        return traces.stream().map(request -> {
            try {
                return ExportTraceServiceRequest.parseFrom(request.body());
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }

    private static List<Span> spans() {
        return requests()
                .flatMap(request -> request.getResourceSpansList().stream())
                .flatMap(resource -> resource.getScopeSpansList().stream())
                .flatMap(scope -> scope.getSpansList().stream())
                .toList();
    }

    private static Span root(String name, Status.StatusCode status) {
        return spans().stream()
                .filter(span -> hex(span.getParentSpanId().toByteArray()).equals(PARENT))
                .filter(span -> span.getName().equals(name) && span.getStatus().getCode() == status)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no span " + name + " that is " + status + " among " + spans()));
    }

    private static String hex(byte[] id) {
        return HexFormat.of().formatHex(id);
    }

    private static Map<String, String> attributes(List<KeyValue> pairs) {
        Map<String, String> attributes = new TreeMap<>();
        pairs.forEach(pair -> attributes.put(
                pair.getKey(),
                pair.getValue().hasIntValue()
                        ? Long.toString(pair.getValue().getIntValue())
                        : pair.getValue().getStringValue()));
        return attributes;
    }
}
