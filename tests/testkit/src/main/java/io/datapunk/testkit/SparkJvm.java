package io.datapunk.testkit;

import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The command line of another JVM with this one's class path, in which Spark can run. */
public final class SparkJvm {
    private SparkJvm() {}

    /**
     * Java with what Spark needs, and compilers as this JVM has them; then these options.
     *
     * @param main whose {@code main} is run; its arguments are to follow
     */
    public static List<String> command(Class<?> main, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // All of it is on this JVM's own command line.
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> option.startsWith("--")
                        || option.startsWith("-XX:")
                        || option.startsWith("-Dlog4j2.")
                        || option.startsWith("-Djdk.")
                        || option.startsWith("-Dio.netty."))
                .forEach(command::add);
        command.addAll(List.of(options));
        command.addAll(List.of("-Duser.timezone=UTC", "-cp", System.getProperty("java.class.path"), main.getName()));
        return command;
    }
}
