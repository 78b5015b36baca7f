package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.cli.Cli;
import io.datapunk.testkit.SparkJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** {@code lake …} in a JVM of its own, as the launcher starts it: to be killed, or to run with fewer rights. */
final class LakeProcess implements AutoCloseable {
    /** What a shell calls a process that SIGKILL has ended. */
    private static final int KILLED = 128 + 9;

    private final Process process;
    private final Path out;
    private final Path err;

    private LakeProcess(Process process, Path out, Path err) {
        this.process = process;
        this.out = out;
        this.err = err;
    }

    static LakeProcess start(LakeCommands lake, String... arguments) throws IOException {
        return start(List.of(), lake, arguments);
    }

    /** @param prefix what stands before Java on the command line, as {@code setpriv …} */
    static LakeProcess start(List<String> prefix, LakeCommands lake, String... arguments) throws IOException {
        return start(
                prefix,
                Cli.class,
                lake.environment(),
                Stream.concat(
                                Stream.of(arguments),
                                Stream.of("--lake", lake.home().toString()))
                        .toList());
    }

    /** Starts another main class in the same way. */
    static LakeProcess start(
            List<String> prefix, Class<?> main, Map<String, String> environment, List<String> arguments)
            throws IOException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(SparkJvm.command(main, "-Xmx1g", "-Dfile.encoding=UTF-8"));
        command.addAll(arguments);
        Path out = Files.createTempFile("lake-", ".out");
        Path err = Files.createTempFile("lake-", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().putAll(environment);
        return new LakeProcess(builder.start(), out, err);
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Kills it with SIGKILL. Fails where it had already ended: that kill would show nothing. */
    void kill() throws IOException, InterruptedException {
        process.destroyForcibly();
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).as("killed").isTrue();
        assertThat(process.exitValue())
                .as("exit code of a process that was still at work; it printed %s", ended())
                .isEqualTo(KILLED);
    }

    /** Halts it between any two of its steps, while somebody looks. */
    void whileHalted(Look look) throws Exception {
        signal("STOP");
        try {
            look.look();
        } finally {
            signal("CONT");
        }
    }

    @FunctionalInterface
    interface Look {
        void look() throws Exception;
    }

    private void signal(String name) throws IOException, InterruptedException {
        Process sent = new ProcessBuilder("kill", "-s", name, Long.toString(process.pid()))
                .inheritIO()
                .start();
        assertThat(sent.waitFor()).as("kill -s %s", name).isZero();
    }

    /** Waits until it has ended. */
    LakeCommands.Ended await() throws IOException, InterruptedException {
        assertThat(process.waitFor(30, TimeUnit.MINUTES)).as("ended").isTrue();
        return ended();
    }

    private LakeCommands.Ended ended() throws IOException {
        return new LakeCommands.Ended(
                process.isAlive() ? -1 : process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /** Nothing of it outlives a test. */
    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        Files.delete(out);
        Files.delete(err);
    }
}
