package io.datapunk.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.datapunk.cli.Cli;
import io.datapunk.cli.metrics.Metric;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job runs, Prometheus has its metrics, an alert fires, and the one who has to know is told: by the real servers. */
@Tag("full")
class AlertingTest {
    private static final Path CONF =
            Path.of("..", "conf", "monitoring").toAbsolutePath().normalize();
    private static final int PATIENCE_SECONDS = 180;

    @TempDir
    private Path folder;

    private final List<Process> servers = new ArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();

    @BeforeAll
    static void startSpark() {
        // Else the first command would, in a home that goes with its test.
        SharedSpark.session();
    }

    @AfterEach
    void stop() throws InterruptedException {
        for (Process server : servers) {
            server.destroy();
            if (!server.waitFor(10, TimeUnit.SECONDS)) {
                server.destroyForcibly();
            }
        }
    }

    /** What Alertmanager told a receiver. */
    private record Told(String receiver, JsonNode message) {}

    @Test
    void aJobThatFailsReachesWhoeverIsOnCall() throws Exception {
        BlockingQueue<Told> told = new LinkedBlockingQueue<>();
        HttpServer receivers = receivers(told);
        int gateway = freePort();
        int alertmanager = freePort();
        int prometheus = freePort();
        start("prometheus-pushgateway", "--web.listen-address=127.0.0.1:" + gateway);
        start(
                "prometheus-alertmanager",
                "--config.file="
                        + copy(
                                "alertmanager.yml",
                                Map.of(
                                        "127.0.0.1:9095",
                                        "127.0.0.1:" + receivers.getAddress().getPort(),
                                        // What is shown is the way, not the patience.
                                        "group_wait: 30s",
                                        "group_wait: 1s")),
                "--web.listen-address=127.0.0.1:" + alertmanager,
                "--cluster.listen-address=",
                "--storage.path=" + folder.resolve("alertmanager"));
        start(
                "prometheus",
                "--config.file="
                        + copy(
                                "prometheus.yml",
                                Map.of(
                                        "127.0.0.1:9093", "127.0.0.1:" + alertmanager,
                                        "127.0.0.1:9091", "127.0.0.1:" + gateway,
                                        "rules/*.yml", CONF.resolve("rules") + "/*.yml",
                                        "15s", "1s")),
                "--web.listen-address=127.0.0.1:" + prometheus,
                "--storage.tsdb.path=" + folder.resolve("prometheus"));
        await(() -> answers("http://127.0.0.1:" + gateway + "/-/ready"));
        await(() -> answers("http://127.0.0.1:" + prometheus + "/-/ready"));
        try {
            int exitCode = lake(
                    folder.resolve("lake"),
                    Map.of("LAKE_METRICS_PUSHGATEWAY", "127.0.0.1:" + gateway),
                    "ingest",
                    folder.resolve("nothing.zip").toString(),
                    "--user",
                    "ann");

            assertThat(exitCode).isEqualTo(1);
            await(() ->
                    query(prometheus, "lake_job_exit_code{command=\"ingest\"}").equals(Optional.of("1")));
            assertThat(query(prometheus, "lake_job_last_success_timestamp_seconds{command=\"ingest\"}"))
                    .as("it never succeeded")
                    .isEmpty();
            Told first = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assertThat(first).as("nobody was told").isNotNull();
            assertThat(first.receiver()).isEqualTo("/on-call");
            assertThat(first.message().at("/alerts/0/labels/alertname").asText())
                    .isEqualTo("LakeJobFailed");
            assertThat(first.message().at("/alerts/0/annotations/summary").asText())
                    .isEqualTo("lake ingest failed");
            assertThat(first.message().at("/status").asText()).isEqualTo("firing");
        } finally {
            receivers.stop(0);
        }
    }

    @Test
    void everyMetricIsEmittedBySomeJob() throws Exception {
        Path home = folder.resolve("lake");
        Path metrics = Files.createDirectories(folder.resolve("metrics"));
        Path search = Files.createDirectories(folder.resolve("Takeout/My Activity/Search"));
        Files.writeString(search.resolve("MyActivity.json"), """
                [{"header":"Search","title":"Searched for lakes","time":"2020-01-05T10:00:00.000Z","products":["Search"]}]
                """);
        Map<String, String> environment = new HashMap<>(
                Map.of("LAKE_METRICS_TEXTFILE_FOLDER", metrics.toString(), "LAKE_TIERING_MINIMUM_SIZE", "1 B"));
        PostgresConnection database = SharedPostgres.migratedDatabase();
        environment.put("LAKE_POSTGRES_URL", database.url());
        environment.put("LAKE_POSTGRES_USER", database.user());
        environment.put("LAKE_POSTGRES_PASSWORD", database.password().get());

        assertThat(lake(home, environment, "ingest", folder.resolve("Takeout").toString(), "--user", "ann"))
                .isZero();
        assertThat(lake(home, environment, "tier", "pin", "user_data.activity/month=2020-01", "--tier", "cold"))
                .isZero();
        assertThat(lake(home, environment, "tier", "apply")).isZero();
        assertThat(lake(home, environment, "analytics", "quality")).isIn(0, 3);
        // There is more than room for it, which is foreseen as soon as two weeks are known.
        environment.put("LAKE_ANALYTICS_CAPACITY_WARM", "1 KiB");
        assertThat(lake(home, environment, "analytics", "forecast")).isZero();
        String later = Instant.now().plus(Duration.ofDays(20)).toString();
        assertThat(lake(home, environment, "analytics", "forecast", "--now", later))
                .isZero();
        assertThat(lake(home, environment, "maintain", "run", "vacuum")).isZero();
        assertThat(lake(home, environment, "maintain", "remediate")).isZero();
        assertThat(lake(home, environment, "sql", "SELECT 1")).isZero();

        try (Stream<Path> files = Files.list(metrics)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .as("what a person asked for is of no interest")
                    .contains("lake_ingest.prom", "lake_ingest_success.prom", "lake_tier_apply.prom")
                    .doesNotContain("lake_sql.prom")
                    .allMatch(name -> name.endsWith(".prom"));
        }
        Set<String> emitted = new TreeSet<>();
        try (Stream<Path> files = Files.list(metrics)) {
            for (Path file : files.toList()) {
                Files.readString(file)
                        .lines()
                        .filter(line -> line.startsWith("# TYPE "))
                        .forEach(line -> emitted.add(line.split(" ", -1)[2]));
            }
        }
        assertThat(emitted)
                .isEqualTo(Stream.of(Metric.values())
                        .map(Metric::exportedName)
                        .collect(Collectors.toCollection(TreeSet::new)));
        assertThat(Files.readString(metrics.resolve("lake_ingest.prom")))
                .contains("lake_records_processed{dataset=\"user_data.activity\",result=\"accepted\"} 1.0");
    }

    private static int lake(Path home, Map<String, String> environment, String... command) {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        PrintStream print = new PrintStream(output, true, StandardCharsets.UTF_8);
        int exitCode = Cli.run(
                Stream.concat(Stream.of(command), Stream.of("--lake", home.toString()))
                        .toArray(String[]::new),
                print,
                print,
                environment);
        System.out.println(output.toString(StandardCharsets.UTF_8));
        return exitCode;
    }

    private HttpServer receivers(BlockingQueue<Told> told) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            told.add(new Told(
                    exchange.getRequestURI().getPath(), new ObjectMapper().readTree(exchange.getRequestBody())));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private void start(String program, String... arguments) throws IOException {
        servers.add(MonitoringPrograms.unpacked().start(folder.resolve(program), program, arguments));
    }

    private String copy(String name, Map<String, String> replacements) throws IOException {
        String text = Files.readString(CONF.resolve(name));
        for (Map.Entry<String, String> replacement : replacements.entrySet()) {
            assertThat(text).contains(replacement.getKey());
            text = text.replace(replacement.getKey(), replacement.getValue());
        }
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private boolean answers(String url) {
        try {
            return get(url).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** The value of the one series that there is. */
    private Optional<String> query(int prometheus, String expression) {
        try {
            String body = get("http://127.0.0.1:" + prometheus + "/api/v1/query?query="
                            + URLEncoder.encode(expression, StandardCharsets.UTF_8))
                    .body();
            JsonNode value = new ObjectMapper().readTree(body).at("/data/result/0/value/1");
            return value.isMissingNode() ? Optional.empty() : Optional.of(value.asText());
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private HttpResponse<String> get(String url) throws IOException {
        try {
            return client.send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    private static void await(Supplier<Boolean> condition) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!condition.get()) {
            assertThat(System.nanoTime()).as("it did not happen in time").isLessThan(end);
            Thread.sleep(200);
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
