package io.datapunk.promises;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.cli.Cli;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * {@code lake …} on one home, in this process.
 *
 * @param environment what the commands find in the environment, beside the home
 */
record LakeCommands(Path home, Map<String, String> environment) {
    LakeCommands(Path home) {
        this(home, Map.of());
    }

    /** How a command ended. */
    record Ended(int exitCode, String out, String err) {
        /** What {@code --json} printed as the command's result. */
        JsonNode result() {
            return json().get("result");
        }

        /** What it says of its failure, without the lines that told of its progress before. */
        String failure() {
            return err.substring(Math.max(0, err.indexOf("lake: ")));
        }

        JsonNode json() {
            try {
                return new ObjectMapper().readTree(out);
            } catch (IOException e) {
                throw new UncheckedIOException("not JSON: " + out + err, e);
            }
        }
    }

    Ended run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exitCode = Cli.run(
                Stream.concat(Stream.of(arguments), Stream.of("--lake", home.toString()))
                        .toArray(String[]::new),
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                environment);
        return new Ended(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Runs a command that has to succeed, and gives its result. */
    JsonNode result(String... arguments) {
        Ended ended =
                run(Stream.concat(Stream.of(arguments), Stream.of("--json")).toArray(String[]::new));
        if (ended.exitCode() != 0) {
            throw new AssertionError(
                    "lake " + List.of(arguments) + " ended with " + ended.exitCode() + ": " + ended.err());
        }
        return ended.result();
    }

    /** The rows of a query. */
    JsonNode query(String statement) {
        return result("sql", statement).get("rows");
    }
}
