package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.datapunk.testkit.PythonEnvironment;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of {@code docs/analysts.md} read what {@code lake sql} does, in whichever tiers it lies. */
class OtherReadersTest {
    private static final Path PROGRAMS = Path.of("analysts");

    /** What each program prints: of every month its rows, its time in microseconds, and a digest of names and titles. */
    private static final String MONTHS = """
            SELECT month, count(*) AS rows, unix_micros(min(event_time)) AS first, unix_micros(max(event_time)) AS last,
                   md5(array_join(sort_array(collect_list(id || ' ' || coalesce(title, ''))), ',')) AS digest
            FROM user_data.activity GROUP BY month ORDER BY month""";

    @Test
    @Tag("full")
    void readTheSameRowsBeforeAndAfterMoves(@TempDir Path folder) throws Exception {
        SharedSpark.session();
        RestlessLake restless = RestlessLake.shared();
        LakeCommands lake = restless.copy(folder.resolve("lake"));
        AnalystPython python = new AnalystPython(lake.home(), folder);
        try {
            assertThat(new TreeSet<>(restless.status(lake).findValuesAsText("tier")))
                    .containsExactly("COLD", "HOT", "WARM");
            JsonNode before = lake.query(MONTHS);
            assertThat(before).hasSize(8);
            assertAllRead(before, python);

            assertThat(lake.result(restless.apply()).get("moves"))
                    .hasSize(RestlessLake.DATASETS.size() * RestlessLake.MOVES.size());

            assertThat(lake.query(MONTHS)).isEqualTo(before);
            assertAllRead(before, python);
        } finally {
            lake.run("down");
        }
    }

    @Test
    void theDocumentationHasTheProgramsAsTheyAre() throws IOException {
        String documentation = Files.readString(Path.of("../docs/analysts.md"));
        for (Path program : programs()) {
            assertThat(documentation)
                    .as(program.toString())
                    .contains("```python\n" + Files.readString(program) + "```\n");
        }
    }

    private static void assertAllRead(JsonNode expected, AnalystPython python) throws IOException {
        for (Path program : programs()) {
            PythonEnvironment.Ended ended = python.run(program.toAbsolutePath().toString());
            assertThat(ended.exitCode()).as("%s: %s", program, ended.output()).isZero();
            assertThat(rows(ended.output())).as(program.toString()).containsExactlyElementsOf(expected);
        }
    }

    /** The values of each line, as {@code lake sql --json} gives them. Spark's start prints other lines before them. */
    private static List<JsonNode> rows(String output) throws IOException {
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> rows = new ArrayList<>();
        for (String line : output.lines().filter(each -> each.startsWith("{")).toList()) {
            ArrayNode row = json.createArrayNode();
            json.readTree(line).elements().forEachRemaining(row::add);
            rows.add(row);
        }
        return rows;
    }

    private static List<Path> programs() throws IOException {
        try (Stream<Path> files = Files.list(PROGRAMS)) {
            List<Path> programs = files.sorted().toList();
            assertThat(programs).as("programs in %s", PROGRAMS).isNotEmpty();
            return programs;
        }
    }
}
