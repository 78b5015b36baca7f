package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs {@code initdb} and {@code pg_ctl}, and says in the lake's words why they failed. */
record PostgresPrograms(PostgresBinaries binaries, ServerAccount account) {
    private static final int ATTEMPTS = 20;
    private static final int TAIL_BYTES = 16 << 10;

    /** Chooses a port and writes it into the server's settings. */
    @FunctionalInterface
    interface PortChoice {
        int choose() throws IOException;
    }

    private record Outcome(int exitCode, String output) {}

    void initialise(Path data, Path password, String user) throws IOException {
        Outcome outcome = run(
                Duration.ofMinutes(5),
                "initdb",
                "--pgdata=" + data,
                "--username=" + user,
                "--pwfile=" + password,
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                "--data-checksums",
                "--no-instructions");
        if (outcome.exitCode() != 0) {
            throw failure("the hot store's data could not be made in " + data.getParent(), outcome.output(), 0);
        }
    }

    /** Starts the server and waits until it takes connections. */
    void start(Path data, Path log, int fixedPort, PortChoice ports, Duration timeout) throws IOException {
        for (int attempt = 1; ; attempt++) {
            int port = ports.choose();
            long logStart = Files.exists(log) ? Files.size(log) : 0;
            Outcome outcome = run(
                    timeout.plusSeconds(10),
                    "pg_ctl",
                    "start",
                    "--pgdata=" + data,
                    "--log=" + log,
                    "--wait",
                    "--timeout=" + timeout.toSeconds(),
                    "--silent");
            if (outcome.exitCode() == 0) {
                return;
            }
            String reason = outcome.output() + "\n" + tail(log, logStart);
            boolean portRace = fixedPort == 0 && reason.contains("could not bind");
            // Its processes notice within a moment that the postmaster was killed.
            boolean crashed = reason.contains("pre-existing shared memory block");
            if (attempt == ATTEMPTS || !(portRace || crashed)) {
                throw failure("the embedded PostgreSQL did not start", reason, port);
            }
            pause();
        }
    }

    void stop(Path data, Duration timeout) throws IOException {
        Outcome outcome = run(
                timeout.plusSeconds(10),
                "pg_ctl",
                "stop",
                "--pgdata=" + data,
                "--mode=fast",
                "--wait",
                "--timeout=" + timeout.toSeconds(),
                "--silent");
        if (outcome.exitCode() != 0 && Files.exists(data.resolve("postmaster.pid"))) {
            throw failure("the embedded PostgreSQL did not stop", outcome.output(), 0);
        }
    }

    private Outcome run(Duration timeout, String program, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(binaries.program(program).toString());
        command.addAll(List.of(arguments));
        // A file, not a pipe: the server inherits it and would keep a pipe open.
        Path output = Files.createTempFile("lake-" + program, ".out");
        try {
            ProcessBuilder builder = new ProcessBuilder(account.command(command))
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .redirectInput(new File("/dev/null"))
                    .directory(new File("/"));
            builder.environment().keySet().removeIf(name -> name.startsWith("PG") || name.startsWith("LC_"));
            builder.environment().put("LC_ALL", "C");
            Process process = builder.start();
            if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                return new Outcome(-1, program + " did not end within " + timeout.toSeconds() + " s");
            }
            return new Outcome(process.exitValue(), Files.readString(output));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LakeException.failed(
                    program + " was interrupted", "the command was cancelled", "run the command again", e);
        } finally {
            Files.deleteIfExists(output);
        }
    }

    /** Why a server ended that had been started. */
    static LakeException ended(Path log, long logStart) throws IOException {
        return failure("the embedded PostgreSQL did not stay up", tail(log, logStart), 0);
    }

    static LakeException failure(String problem, String output, int port) {
        if (output.contains("Address already in use") || output.contains("could not bind")) {
            return LakeException.failed(
                    problem,
                    "port " + port + " on 127.0.0.1 is taken by another program",
                    "set lake.postgres.port to a free one, or to 0 for any");
        }
        if (output.contains("recovery ended before configured recovery target was reached")) {
            return LakeException.failed(
                    "PostgreSQL cannot be brought to that moment",
                    "its archived log ends before",
                    "name an earlier one with --at; without --at it is brought to the end of the log");
        }
        if (output.contains("No space left on device")) {
            return LakeException.failed(
                    problem, "no space is left on the home's disk", "free 200 MB there, then run the command again");
        }
        return LakeException.failed(
                problem,
                lastWords(output),
                "read postgres/postgres.log in the home; if its data are damaged, move the folder postgres away: Delta has"
                        + " every row, `lake tier apply` loads the hot partitions again");
    }

    /** The line that says most: the last one that PostgreSQL marks as fatal or an error, else the last one. */
    private static String lastWords(String output) {
        List<String> lines = output.lines().filter(line -> !line.isBlank()).toList();
        for (int i = lines.size() - 1; i >= 0; i--) {
            String line = lines.get(i);
            int mark = Math.max(line.indexOf("FATAL: "), Math.max(line.indexOf("PANIC: "), line.indexOf("error: ")));
            if (mark >= 0) {
                return line.substring(mark + "FATAL: ".length()).trim();
            }
        }
        return lines.isEmpty() ? "it said nothing" : lines.get(lines.size() - 1).trim();
    }

    private static String tail(Path log, long from) throws IOException {
        if (!Files.exists(log)) {
            return "";
        }
        try (SeekableByteChannel channel = Files.newByteChannel(log)) {
            channel.position(Math.max(from, channel.size() - TAIL_BYTES));
            ByteBuffer buffer = ByteBuffer.allocate(TAIL_BYTES);
            while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
                continue;
            }
            return new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8);
        }
    }

    private static void pause() {
        try {
            Thread.sleep(250);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw LakeException.failed(
                    "starting PostgreSQL was interrupted", "the command was cancelled", "run the command again", e);
        }
    }
}
