package io.datapunk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.apache.logging.log4j.LogManager;
import org.junit.jupiter.api.Test;

/** What {@code conf/log4j2.properties} makes of a log line; the environment chooses, so each has a process of its own. */
class LogFormatTest {
    /** Logs a warning and ends. */
    static final class Warning {
        private Warning() {}

        public static void main(String[] arguments) {
            LogManager.getLogger(Warning.class)
                    .warn("nobody {}", "listens", new IllegalStateException("for this reason"));
        }
    }

    @Test
    void peopleReadText() throws IOException {
        assertThat(logged(Map.of()))
                .matches("(?s)\\d{4}-\\d\\d-\\d\\dT[\\d:.]{12}Z WARN Warning: nobody listens\\R"
                        + "java.lang.IllegalStateException: for this reason.*");
    }

    @Test
    void machinesReadJson() throws IOException {
        JsonNode line = new ObjectMapper().readTree(logged(Map.of("LAKE_LOG_FORMAT", "json")));

        assertThat(line.get("message").asText()).isEqualTo("nobody listens");
        assertThat(line.get("log.level").asText()).isEqualTo("WARN");
        assertThat(line.get("error.message").asText()).isEqualTo("for this reason");
        assertThat(line.get("@timestamp").asText()).endsWith("Z");
    }

    private static String logged(Map<String, String> environment) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                "-Dlog4j2.configurationFile=" + Path.of("..", "..", "conf", "log4j2.properties"),
                Warning.class.getName());
        builder.environment().keySet().removeIf(name -> name.startsWith("LAKE_LOG"));
        builder.environment().putAll(environment);
        return new String(
                builder.redirectErrorStream(true).start().getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
