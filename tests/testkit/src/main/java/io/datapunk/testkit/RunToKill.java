package io.datapunk.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.RepetitionInfo;

/** A run in a process of its own, which is killed somewhere in its work. */
public final class RunToKill {
    /** What a run prints when Spark is there and its work begins. */
    public static final String BEGUN = "begun";

    private final Process process;
    private final Path output;
    private final long begin;

    private RunToKill(Process process, Path output) throws IOException {
        this.process = process;
        this.output = output;
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        while (!Files.readString(output).contains(BEGUN)) {
            assertThat(System.nanoTime()).as(Files.readString(output)).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        this.begin = System.nanoTime();
    }

    /** Starts it, and waits until it has begun its work. */
    public static RunToKill begin(Class<?> main, Path lake, List<String> arguments) throws IOException {
        List<String> command = SparkJvm.command(main, "-Xmx1g");
        command.addAll(arguments);
        Path output = lake.resolve("output");
        return new RunToKill(
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile())
                        .start(),
                output);
    }

    /** How long its work takes where nobody kills it. */
    public long undisturbedNanos() throws Exception {
        assertThat(process.waitFor()).as(Files.readString(output)).isZero();
        return System.nanoTime() - begin;
    }

    /** Of several repetitions each kills somewhere in its own part of the work. */
    public void kill(RepetitionInfo repetition, long undisturbedNanos) throws Exception {
        double moment = (repetition.getCurrentRepetition() - 1 + Math.random()) / repetition.getTotalRepetitions();
        LockSupport.parkNanos((long) (moment * undisturbedNanos));
        process.destroyForcibly().waitFor();
    }
}
