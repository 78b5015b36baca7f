package io.datapunk.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.cli.metrics.Metric;
import io.datapunk.debian.DebianPrograms;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The files in conf/monitoring, by the programs that will read them. */
@Tag("full")
class MonitoringRulesTest {
    private static final Path CONF =
            Path.of("..", "conf", "monitoring").toAbsolutePath().normalize();
    private static final Pattern NAME = Pattern.compile("\\blake[_:][a-z0-9_:]+");
    private static final Pattern RECORD = Pattern.compile("- record: (\\S+)");

    @TempDir
    private Path folder;

    private static DebianPrograms programs;

    @BeforeAll
    static void unpack() throws IOException {
        programs = MonitoringPrograms.unpacked();
    }

    @Test
    void rulesDoWhatTheirTestsSay() throws IOException {
        assertThat(files("tests", ".yml")).isNotEmpty().allSatisfy(test -> {
            DebianPrograms.Ended ended = programs.run("promtool", "test", "rules", test.toString());
            assertThat(ended.exitCode()).as(ended.output()).isZero();
        });
    }

    @Test
    void everyAlertIsTested() throws IOException {
        Set<String> alerts = names(files("rules", ".yml"), Pattern.compile("- alert: (\\S+)"));
        Set<String> tested = names(files("tests", ".yml"), Pattern.compile("alertname: (\\S+)"));

        assertThat(tested).isEqualTo(alerts);
    }

    @Test
    void prometheusReadsItsConfiguration() throws IOException {
        DebianPrograms.Ended ended = programs.run(
                "promtool", "check", "config", CONF.resolve("prometheus.yml").toString());

        assertThat(ended.exitCode()).as(ended.output()).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "severity=high team=storage,'on-call,on-call-second,manager'",
        "severity=medium team=storage,storage-team",
        "severity=medium team=data,data-team",
        "severity=low team=nobody,ops-team"
    })
    void alertsGoToWhoeverHasToKnow(String labels, String receivers) throws IOException {
        String file = CONF.resolve("alertmanager.yml").toString();
        List<String> arguments = new ArrayList<>(List.of("config", "routes", "test", "--config.file=" + file));
        arguments.addAll(List.of(labels.split(" ", -1)));

        assertThat(programs.run("amtool", "check-config", file).exitCode()).isZero();
        assertThat(programs.run("amtool", arguments.toArray(String[]::new))
                        .output()
                        .lines())
                .filteredOn(line -> !line.startsWith("Warning: "))
                .containsExactly(receivers);
    }

    @Test
    void rulesAndPanelsUseOnlyWhatJobsEmit() throws IOException {
        Set<String> known = Stream.of(Metric.values()).map(Metric::exportedName).collect(Collectors.toSet());
        known.addAll(names(files("rules", ".yml"), RECORD));

        for (Path file : files("rules", ".yml")) {
            assertThat(used(Files.readString(file))).as(file.toString()).isSubsetOf(known);
        }
        for (Path dashboard : files("grafana", ".json")) {
            for (String expression : expressions(dashboard)) {
                assertThat(used(expression))
                        .as("%s in %s", expression, dashboard)
                        .isNotEmpty()
                        .isSubsetOf(known);
            }
        }
    }

    @Test
    void everyPanelIsAQueryThatPrometheusUnderstands() throws IOException {
        StringBuilder rules = new StringBuilder("groups:\n  - name: panels\n    rules:\n");
        int number = 0;
        for (Path dashboard : files("grafana", ".json")) {
            for (String expression : expressions(dashboard)) {
                rules.append(
                        "      - record: panel:%d\n        expr: |\n          %s\n".formatted(number++, expression));
            }
        }
        Path file = Files.writeString(folder.resolve("panels.yml"), rules);

        DebianPrograms.Ended ended = programs.run("promtool", "check", "rules", file.toString());
        assertThat(ended.exitCode()).as(ended.output()).isZero();
        assertThat(ended.output()).contains(number + " rules found");
    }

    private static List<String> expressions(Path dashboard) throws IOException {
        JsonNode json = new ObjectMapper().readTree(dashboard.toFile());
        return json.findValuesAsText("expr");
    }

    private static Set<String> used(String text) {
        return NAME.matcher(text).results().map(match -> match.group()).collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> names(List<Path> files, Pattern pattern) throws IOException {
        Set<String> names = new TreeSet<>();
        for (Path file : files) {
            pattern.matcher(Files.readString(file)).results().forEach(match -> names.add(match.group(1)));
        }
        return names;
    }

    private static List<Path> files(String name, String ending) throws IOException {
        try (Stream<Path> files = Files.list(CONF.resolve(name))) {
            return files.filter(file -> file.toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }
}
