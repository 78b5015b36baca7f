package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.testkit.PythonEnvironment;
import io.datapunk.testkit.SharedSpark;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The notebooks run to their ends on the demo's lake, draw what they should, and say what {@code lake sql} says. */
class NotebooksTest {
    private static final Path NOTEBOOKS =
            Path.of("../notebooks").toAbsolutePath().normalize();

    @Test
    @Tag("full")
    void runToTheirEnds(@TempDir Path folder) throws Exception {
        SharedSpark.session();
        LakeCommands lake = new LakeCommands(folder.resolve("lake"));
        try {
            lake.result("demo");
            lake.result("analytics", "run");
            AnalystPython python = new AnalystPython(lake.home(), folder);

            JsonNode tour = executed("guided-tour", python, folder);
            assertThat(plots(tour)).hasSize(2).allSatisfy(NotebooksTest::assertShowsSomething);
            JsonNode fates = lake.query("SELECT sum(read), sum(quarantined) FROM imports.jobs")
                    .get(0);
            assertThat(text(tour))
                    .contains("%d records were read, %d of them are in quarantine"
                            .formatted(fates.get(0).asLong(), fates.get(1).asLong()));

            JsonNode year = executed("my-year-in-data", python, folder);
            assertThat(plots(year)).hasSize(4).allSatisfy(NotebooksTest::assertShowsSomething);
            long events = lake.query("SELECT count(*) FROM user_data.activity WHERE month >= '2025-02'")
                    .get(0)
                    .get(0)
                    .asLong();
            assertThat(text(year))
                    .contains("%d events in analytics.activity_daily, %1$d in user_data.activity".formatted(events));

            JsonNode costs = executed("tier-costs", python, folder);
            assertThat(plots(costs)).hasSize(5).allSatisfy(NotebooksTest::assertShowsSomething);
            for (String tier : List.of("HOT", "COLD")) {
                int moved = lake.query(
                                "SELECT partition FROM lake.moves WHERE state = 'done' AND to_tier = '" + tier + "'")
                        .size();
                assertThat(text(costs)).containsPattern(tier + " +" + moved + " ");
            }
        } finally {
            lake.run("down");
        }
    }

    /** Whoever runs one has its results in the file, and persons' data with them. */
    @Test
    void carryNoOutputs() throws IOException {
        try (Stream<Path> files = Files.list(NOTEBOOKS)) {
            List<Path> notebooks =
                    files.filter(file -> file.toString().endsWith(".ipynb")).toList();
            assertThat(notebooks).isNotEmpty().allSatisfy(notebook -> {
                JsonNode content = new ObjectMapper().readTree(notebook.toFile());
                assertThat(content.get("nbformat").asInt()).isEqualTo(4);
                assertThat(content.findValues("outputs")).isNotEmpty().allMatch(JsonNode::isEmpty);
                assertThat(content.findValues("execution_count")).allMatch(JsonNode::isNull);
            });
        }
    }

    private static JsonNode executed(String name, AnalystPython python, Path folder) throws IOException {
        Path result = folder.resolve(name + ".ipynb");
        PythonEnvironment.Ended ended = python.run(
                Path.of("python/execute_notebook.py").toAbsolutePath().toString(),
                NOTEBOOKS.resolve(name + ".ipynb").toString(),
                result.toString());
        assertThat(ended.exitCode()).as("%s: %s", name, ended.output()).isZero();
        JsonNode executed = new ObjectMapper().readTree(result.toFile());
        assertThat(executed.findValuesAsText("output_type")).as(name).doesNotContain("error");
        assertThat(text(executed)).as(name).doesNotContain("not there yet: ./lake analytics run");
        return executed;
    }

    private static String text(JsonNode notebook) {
        StringBuilder text = new StringBuilder();
        for (String field : List.of("text", "text/plain")) {
            notebook.findValues(field).forEach(lines -> lines.forEach(line -> text.append(line.asText())));
        }
        return text.toString();
    }

    private static List<BufferedImage> plots(JsonNode notebook) {
        return notebook.findValuesAsText("image/png").stream()
                .map(base64 -> {
                    try {
                        return ImageIO.read(
                                new ByteArrayInputStream(Base64.getMimeDecoder().decode(base64)));
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
    }

    private static void assertShowsSomething(BufferedImage plot) {
        assertThat(plot.getWidth()).as("width").isBetween(600, 1600);
        assertThat(plot.getHeight()).as("height").isBetween(200, 1000);
        int[] colours = plot.getRGB(0, 0, plot.getWidth(), plot.getHeight(), null, 0, plot.getWidth());
        assertThat(Arrays.stream(colours).distinct().count()).as("colours").isGreaterThan(20);
    }
}
