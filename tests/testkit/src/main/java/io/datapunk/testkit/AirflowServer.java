package io.datapunk.testkit;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A real Airflow, with all of its processes, on a folder of DAGs: API server, scheduler, DAG processor and triggerer. Its
 * database is a file in its own folder.
 */
public final class AirflowServer implements AutoCloseable {
    public static final String USER = "admin";
    public static final String PASSWORD = "no secret";

    private static final Duration START = Duration.ofMinutes(10);

    private final PythonEnvironment python;
    private final Map<String, String> environment;
    private final Path folder;
    private final URI url;
    private Process process;

    /**
     * @param folder empty; all of the server lies in it
     * @param dags a folder with DAGs
     * @param settings further environment, as {@code LAKE_HOME} or {@code AIRFLOW__SCHEDULER__…}
     */
    public AirflowServer(PythonEnvironment python, Path folder, Path dags, Map<String, String> settings)
            throws IOException {
        this.python = python;
        this.folder = folder;
        int port = freePort();
        this.url = URI.create("http://127.0.0.1:" + port);
        this.environment = environment(folder, dags, port);
        this.environment.putAll(settings);
    }

    private static Map<String, String> environment(Path folder, Path dags, int port) throws IOException {
        Path passwords = folder.resolve("passwords.json");
        Files.writeString(passwords, "{\"" + USER + "\": \"" + PASSWORD + "\"}");
        Map<String, String> environment = new LinkedHashMap<>();
        environment.put("AIRFLOW_HOME", folder.toString());
        environment.put("AIRFLOW__CORE__DAGS_FOLDER", dags.toAbsolutePath().toString());
        environment.put("AIRFLOW__CORE__LOAD_EXAMPLES", "False");
        environment.put("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_USERS", USER + ":admin");
        environment.put("AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE", passwords.toString());
        environment.put("AIRFLOW__CORE__EXECUTION_API_SERVER_URL", "http://127.0.0.1:" + port + "/execution/");
        environment.put("AIRFLOW__API__HOST", "127.0.0.1");
        environment.put("AIRFLOW__API__PORT", String.valueOf(port));
        environment.put("AIRFLOW__API__BASE_URL", "http://127.0.0.1:" + port);
        environment.put("AIRFLOW__API__WORKERS", "1");
        // Nobody changes a DAG while a test runs; parsing them all the time takes a core.
        environment.put("AIRFLOW__DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL", "600");
        environment.put("AIRFLOW__CORE__PARALLELISM", "2");
        return environment;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts all of its processes, and waits until it answers and its scheduler and DAG processor are alive. */
    public AirflowServer start() throws IOException, InterruptedException {
        process = airflow("standalone")
                .redirectOutput(folder.resolve("standalone.log").toFile())
                .start();
        Instant deadline = Instant.now().plus(START);
        while (!isHealthy()) {
            if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                throw new IllegalStateException(
                        "Airflow did not start: " + Files.readString(folder.resolve("standalone.log")));
            }
            Thread.sleep(500);
        }
        return this;
    }

    private boolean isHealthy() throws IOException, InterruptedException {
        HttpRequest health = HttpRequest.newBuilder(url.resolve("/api/v2/monitor/health"))
                .timeout(Duration.ofSeconds(5))
                .build();
        try {
            String answer = HttpClient.newHttpClient()
                    .send(health, HttpResponse.BodyHandlers.ofString())
                    .body();
            return List.of("scheduler", "dag_processor").stream().allMatch(part -> answer.replaceAll("\\s", "")
                    .contains("\"" + part + "\":{\"status\":\"healthy\""));
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Where its API and its pages are, without a slash at the end. */
    public URI url() {
        return url;
    }

    /** Its command line, in the same environment. */
    public ProcessBuilder airflow(String... arguments) {
        return process("airflow", arguments);
    }

    /** Any program of its Python, in the same environment. */
    public ProcessBuilder process(String program, String... arguments) {
        ProcessBuilder builder = python.process(program, arguments).directory(folder.toFile());
        builder.environment().putAll(environment);
        return builder;
    }

    /** What the server's processes have said, to be shown where a test fails. */
    public Path log() {
        return folder.resolve("standalone.log");
    }

    @Override
    public void close() {
        if (process == null) {
            return;
        }
        List<ProcessHandle> all = process.descendants().toList();
        process.destroy();
        try {
            process.waitFor(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        all.forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }
}
