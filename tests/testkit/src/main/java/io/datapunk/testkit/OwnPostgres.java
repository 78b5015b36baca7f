package io.datapunk.testkit;

import io.datapunk.lake.postgres.PostgresConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A PostgreSQL of an operator's own, by the programs of Debian's {@code postgresql}, of whatever version, below
 * {@code /usr/lib/postgresql}. It does not run as root, which it refuses.
 */
public final class OwnPostgres {
    private final Path folder;
    private final Path programs;
    private final int port;
    private Path data;

    /** @param folder empty; all of the server lies in it */
    public OwnPostgres(Path folder) throws IOException {
        this.folder = folder;
        this.programs = programs();
        this.port = freePort();
        this.data = folder.resolve("data");
    }

    /** Makes its data, with lines for {@code postgresql.conf}, and starts it. */
    public void create(String settings) throws IOException, InterruptedException {
        own(folder);
        run("initdb", "--pgdata=" + data, "--username=lake", "--auth=trust");
        Files.writeString(
                data.resolve("postgresql.conf"),
                settings + "\nport = " + port + "\nunix_socket_directories = ''\n",
                StandardOpenOption.APPEND);
        start();
    }

    /** Starts on other data. */
    public void start(Path other) throws IOException, InterruptedException {
        own(other);
        data = other;
        start();
    }

    private void start() throws IOException, InterruptedException {
        run("pg_ctl", "start", "--pgdata=" + data, "--log=" + folder.resolve("log"), "--wait");
    }

    /** @param mode as {@code fast} or {@code immediate} */
    public void stop(String mode) throws IOException, InterruptedException {
        run("pg_ctl", "stop", "--pgdata=" + data, "--mode=" + mode);
    }

    public int port() {
        return port;
    }

    /** The major version. */
    public String version() {
        return programs.getParent().getFileName().toString();
    }

    /** Where a program of its is. */
    public Path program(String name) {
        return programs.resolve(name);
    }

    public PostgresConnection connection() {
        return new PostgresConnection("jdbc:postgresql://127.0.0.1:" + port + "/postgres", "lake", () -> "");
    }

    /** Runs one of its programs as a user who is not root. */
    public void run(String program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        if (isRoot()) {
            command.addAll(List.of("setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"));
        }
        command.add(programs.resolve(program).toString());
        command.addAll(List.of(arguments));
        Path output = folder.resolve("output");
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        if (process.waitFor() != 0) {
            throw new IOException(command + ": " + Files.readString(output, StandardCharsets.UTF_8));
        }
    }

    /** Also what is above it has to let the server in. */
    private static void own(Path tree) throws IOException {
        if (isRoot()) {
            Object user = Files.getAttribute(Path.of("/var/lib/postgresql"), "unix:uid");
            try (Stream<Path> all = Files.walk(tree)) {
                for (Path file : all.toList()) {
                    Files.setAttribute(file, "unix:uid", user);
                }
            }
            for (Path above = tree;
                    above.startsWith("/tmp") && !above.equals(Path.of("/tmp"));
                    above = above.getParent()) {
                if (above.getParent().equals(Path.of("/tmp"))) {
                    Files.setPosixFilePermissions(above, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
    }

    private static boolean isRoot() {
        return System.getProperty("user.name").equals("root");
    }

    private static Path programs() throws IOException {
        try (Stream<Path> versions = Files.list(Path.of("/usr/lib/postgresql"))) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("pg_basebackup"))
                            && Files.isExecutable(bin.resolve("initdb")))
                    .max(Comparator.comparing(bin ->
                            Integer.parseInt(bin.getParent().getFileName().toString())))
                    .orElseThrow();
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
