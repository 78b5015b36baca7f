package io.datapunk.promises;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code lake …} in a process of its own, as a user runs it, so that it can be killed. */
final class LakeProcess {
    private static final Duration LIMIT = Duration.ofMinutes(10);

    private final Process process;
    private final Path out;
    private final Path err;

    private LakeProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    /** How a command ended. */
    record Ended(int exitCode, String out, String err) {
        JsonNode json() {
            try {
                return new ObjectMapper().readTree(out);
            } catch (IOException e) {
                throw new UncheckedIOException("not JSON: " + out + err, e);
            }
        }
    }

    /** @param systemProperties as {@code lake.crashAt=…} */
    static LakeProcess start(Path home, List<String> systemProperties, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // The flags that Spark needs are those of this JVM; its agents and its heap are not.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add") || argument.startsWith("-XX:+Ignore"))
                .forEach(command::add);
        command.addAll(List.of("-Xmx1g", "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path")));
        systemProperties.forEach(property -> command.add("-D" + property));
        command.add("io.datapunk.cli.Cli");
        command.addAll(List.of(arguments));
        command.addAll(List.of("--lake", home.toString()));
        Path out = Files.createTempFile("lake-", ".out");
        Path err = Files.createTempFile("lake-", ".err");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(err.toFile())
                .start();
        return new LakeProcess(process, out, err);
    }

    static Ended run(Path home, String... arguments) throws IOException, InterruptedException {
        return start(home, List.of(), arguments).await();
    }

    Ended await() throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IllegalStateException("no end after " + LIMIT + ": " + Files.readString(err));
        }
        Ended ended = new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
        Files.delete(out);
        Files.delete(err);
        return ended;
    }

    /** {@code kill -9} after the given time; false where it had ended by itself before. */
    boolean killAfter(Duration time) throws InterruptedException {
        if (process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        process.destroyForcibly().waitFor();
        return true;
    }
}
