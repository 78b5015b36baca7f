package io.datapunk.ingest.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.sample.SampleExport;
import io.datapunk.ingest.sample.SampleManifest;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.testkit.SparkJvm;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An import that is killed and run again ends where an undisturbed one ends. Each kill takes the start of a Spark of its
 * own, so that {@code verify} tries one moment, and {@code verify -Pfull} ten.
 */
class KilledIngestTest {
    /** Tables and the columns that may differ: how often and when an import was begun. */
    private static final Map<String, List<String>> VOLATILE = Map.of(
            "user_data.activity", List.of(),
            "user_data.locations", List.of(),
            "user_data.messages", List.of(),
            "user_data.media", List.of(),
            "imports.records", List.of(),
            "imports.duplicates", List.of(),
            "imports.quarantine", List.of(),
            "imports.files", List.of(),
            "imports.jobs", List.of("epoch", "started_at", "ended_at"),
            "lake.users", List.of());

    @TempDir
    static Path directory;

    private static SampleManifest sample;
    private static Path template;
    private static Map<String, RowChecksum> undisturbed;

    @BeforeAll
    static void ingestUndisturbed() throws IOException {
        sample = SampleExport.write(directory.resolve("export"), 11, 0.05);
        // The surrogate is random: all lakes of this test begin with the same one
        template = directory.resolve("template");
        new IngestFixture(template).makeUser("ann");
        Path home = copyOfTemplate("undisturbed");
        new IngestFixture(home).ingest(sample.containers(), "ann");
        undisturbed = checksums(home);
    }

    /** What the killed process has printed last. */
    record Moment(String line, int times, long thenMillis) {
        @Override
        public String toString() {
            return "\"" + line + "\" for the " + times + ". time, and " + thenMillis + " ms";
        }
    }

    /** {@code -Dlake.test.kills=9} takes all of them; the first lie far apart. */
    static Stream<Moment> otherMoments() {
        return Stream.of(
                        new Moment("begin reading entries", 1, 400),
                        new Moment("end accounting for every record", 1, 0),
                        new Moment("at writing tables", 1, 500),
                        new Moment("end preparing tables", 1, 300),
                        new Moment("end finding duplicates", 1, 0),
                        new Moment("at accounting for every record", 2, 0),
                        new Moment("begin preparing tables", 1, 0),
                        new Moment("end reading entries", 1, 0),
                        new Moment("at writing tables", 4, 200))
                .limit(Integer.getInteger("lake.test.kills", 1));
    }

    @Test
    void endsWhereAnUndisturbedImportEnds() throws Exception {
        killAndCompare(new Moment("at writing tables", 2, 0));
    }

    @ParameterizedTest
    @MethodSource("otherMoments")
    @Tag("full")
    void endsThereFromEveryOtherMomentToo(Moment moment) throws Exception {
        killAndCompare(moment);
    }

    private static void killAndCompare(Moment moment) throws Exception {
        Path home = copyOfTemplate("killed-" + Integer.toHexString(moment.hashCode()));
        runAndKill(home, moment);
        IngestFixture lake = new IngestFixture(home);
        IngestReport report = lake.ingest(sample.containers(), "ann");
        assertThat(report.counts().isConserved()).isTrue();
        assertThat(report.counts().accepted()).isPositive();
        assertThat(checksums(home)).isEqualTo(undisturbed);
        assertThat(lake.home().staging()).isEmptyDirectory();
    }

    private static void runAndKill(Path home, Moment moment) throws Exception {
        List<String> command = SparkJvm.command(IngestRun.class, "-Xmx1g");
        command.addAll(List.of(home.toString(), "ann"));
        sample.containers().forEach(container -> command.add(container.toString()));
        File errors = directory.resolve(home.getFileName() + ".stderr").toFile();
        Process process = new ProcessBuilder(command).redirectError(errors).start();
        List<String> printed = new ArrayList<>();
        try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
            int seen = 0;
            for (String line = out.readLine(); line != null && seen < moment.times(); line = out.readLine()) {
                printed.add(line);
                if (line.startsWith(moment.line())) {
                    seen++;
                }
                if (seen == moment.times()) {
                    Thread.sleep(moment.thenMillis());
                    break;
                }
            }
            process.destroyForcibly();
            assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
            assertThat(seen)
                    .as("printed %s, errors %s", printed, Files.readString(errors.toPath()))
                    .isEqualTo(moment.times());
            assertThat(process.exitValue()).as("killed").isNotZero();
        }
    }

    private static Map<String, RowChecksum> checksums(Path home) {
        IngestFixture lake = new IngestFixture(home);
        Map<String, RowChecksum> checksums = new TreeMap<>();
        VOLATILE.forEach((table, columns) ->
                checksums.put(table, DeltaChecksum.of(lake.table(table).drop(columns.toArray(String[]::new)))));
        return checksums;
    }

    private static Path copyOfTemplate(String name) throws IOException {
        Path copy = directory.resolve(name);
        try (Stream<Path> files = Files.walk(template)) {
            for (Path file : files.toList()) {
                Path target = copy.resolve(template.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return copy;
    }
}
