package io.datapunk.promises;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/** The lake that {@code lake demo} makes, once for all tests of this JVM, which only read it. */
final class DemoLake {
    private DemoLake() {}

    static LakeCommands commands() {
        return Holder.COMMANDS;
    }

    static Path home() {
        return Holder.COMMANDS.home();
    }

    /** What {@code lake demo --json} printed. */
    static JsonNode result() {
        return Holder.RESULT;
    }

    /** The time that the demo set the clock to. */
    static String now() {
        return Instant.parse(result().get("simulated_now").asText()).toString();
    }

    static List<Path> export() {
        try (Stream<Path> files = Files.list(home().resolve("demo"))) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static final class Holder {
        static final LakeCommands COMMANDS = new LakeCommands(temporary());
        static final JsonNode RESULT = COMMANDS.result("demo");

        private static Path temporary() {
            try {
                Path home = Files.createTempDirectory("a lake ").resolve("home");
                Runtime.getRuntime()
                        .addShutdownHook(
                                new Thread(() -> new LakeCommands(home).run("down"), "stop the demo's server"));
                return home;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
