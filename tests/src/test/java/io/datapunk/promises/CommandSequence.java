package io.datapunk.promises;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.cli.Cli;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Several commands of one JVM, which starts Spark once: each argument is a command with its words in lines. Prints one
 * line of JSON for each: the exit code and what the command printed.
 */
final class CommandSequence {
    private CommandSequence() {}

    public static void main(String[] commands) {
        ObjectMapper json = new ObjectMapper();
        for (String command : commands) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            ByteArrayOutputStream err = new ByteArrayOutputStream();
            int exitCode = Cli.run(
                    command.lines().toArray(String[]::new),
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    System.getenv());
            System.out.println(json.createObjectNode()
                    .put("exit_code", exitCode)
                    .put("out", out.toString(StandardCharsets.UTF_8))
                    .put("err", err.toString(StandardCharsets.UTF_8)));
        }
    }

    /** A command as an argument. */
    static String command(List<String> words) {
        return String.join("\n", words);
    }

    static String command(String... words) {
        return command(Arrays.asList(words));
    }
}
