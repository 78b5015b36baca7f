package io.datapunk.lake.postgres;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.postgresql.Driver;

/**
 * Stops the embedded server when nobody has used it for a while. A small shell loop waits; only when the time is over
 * does it start Java for a moment, which looks again under the lock.
 */
public final class IdleStop {
    private static final int STILL_IN_USE = 3;
    private static final long LONGEST_PAUSE_SECONDS = 60;

    // $1 pause in seconds, $2 idle minutes, $3 postmaster.pid, $4 its first line, $5 file touched at each use, rest:
    // Java
    private static final String LOOP = """
            trap '' INT HUP QUIT
            pause=$1 minutes=$2 pidfile=$3 server=$4 used=$5
            shift 5
            while sleep "$pause"; do
              read -r running < "$pidfile" || exit 0
              [ "$running" = "$server" ] || exit 0
              if [ -z "$(find "$used" -mmin "-$minutes" 2>/dev/null)" ]; then
                "$@"
                [ $? -eq 3 ] || exit
              fi
            done
            """;

    private IdleStop() {}

    /**
     * Entry point of the stopper's process: {@code IdleStop <postgres folder> <run folder> <user>}. Exit code
     * 0: the server is stopped.
     */
    public static void main(String[] arguments) {
        EmbeddedPostgres server = new EmbeddedPostgres(
                Path.of(arguments[0]),
                Path.of(arguments[1]),
                new EmbeddedPostgres.Options(
                        arguments[2], 0, Duration.ZERO, Duration.ofMinutes(1), EmbeddedPostgres.userCache()));
        System.exit(server.stopIfUnused() ? 0 : STILL_IN_USE);
    }

    /** Starts the loop for a server that has just been started. It ends with that server. */
    static void watch(Path directory, Path runDirectory, EmbeddedPostgres.Options options, Path lastUse)
            throws IOException {
        Path pidFile = directory.resolve("data").resolve("postmaster.pid");
        Duration idleStop = options.idleStop();
        long pause = Math.max(1, Math.min(LONGEST_PAUSE_SECONDS, idleStop.toSeconds() / 2));
        new ProcessBuilder(List.of(
                        "sh",
                        "-c",
                        LOOP,
                        "lake-idle-stop",
                        Long.toString(pause),
                        Long.toString(Math.max(1, idleStop.toMinutes())),
                        pidFile.toString(),
                        Files.readAllLines(pidFile).get(0),
                        lastUse.toString(),
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx64m",
                        "-cp",
                        classPath(),
                        IdleStop.class.getName(),
                        directory.toString(),
                        runDirectory.toString(),
                        options.user()))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        runDirectory.resolve("postgres-idle-stop.log").toFile()))
                .redirectInput(new File("/dev/null"))
                .directory(new File("/"))
                .start();
    }

    // Only what the stopper needs: the whole class path may be longer than a command line.
    static String classPath() throws IOException {
        Set<String> places = new LinkedHashSet<>();
        for (Class<?> type : List.of(IdleStop.class, Driver.class)) {
            try {
                places.add(Paths.get(type.getProtectionDomain()
                                .getCodeSource()
                                .getLocation()
                                .toURI())
                        .toString());
            } catch (URISyntaxException e) {
                throw new IOException(type + " does not come from a file", e);
            }
        }
        return String.join(File.pathSeparator, places);
    }
}
