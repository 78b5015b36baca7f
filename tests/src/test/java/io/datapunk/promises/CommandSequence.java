package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.cli.Cli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

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

    /** Runs a main class that prints as this one does; how each of the commands ended. */
    static List<LakeCommands.Ended> run(
            List<String> prefix, Class<?> main, Map<String, String> environment, List<String> arguments)
            throws IOException, InterruptedException {
        try (LakeProcess process = LakeProcess.start(prefix, main, environment, arguments)) {
            LakeCommands.Ended all = process.await();
            assertThat(all.exitCode()).as(all.err()).isZero();
            List<LakeCommands.Ended> ended = new ArrayList<>();
            for (String line : all.out().lines().toList()) {
                JsonNode printed = new ObjectMapper().readTree(line);
                ended.add(new LakeCommands.Ended(
                        printed.get("exit_code").asInt(),
                        printed.get("out").asText(),
                        printed.get("err").asText()));
            }
            return ended;
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
