package io.datapunk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.EmbeddedPostgres;
import io.datapunk.lake.postgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CliTest {
    @TempDir
    private Path folder;

    private static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("tabels", """
                        lake: Unmatched argument at index 0: 'tabels'
                          cause:  the command was: lake tabels
                          remedy: did you mean tables or maintain? `lake --help` shows what it takes
                        """),
                mistake("tables --jsno", """
                        lake: Unknown option: '--jsno'
                          cause:  the command was: lake tables --jsno
                          remedy: did you mean --json? `lake tables --help` shows what it takes
                        """),
                mistake("", """
                        lake: Missing command
                          cause:  the command was: lake
                          remedy: `lake --help` shows what it takes
                        """),
                mistake("config", """
                        lake: Missing command
                          cause:  the command was: lake config
                          remedy: `lake config --help` shows what it takes
                        """),
                mistake("ingest --user ann", """
                        lake: Missing required parameter: 'EXPORT'
                          cause:  the command was: lake ingest --user ann
                          remedy: `lake ingest --help` shows what it takes
                        """),
                mistake("ingest takeout.zip", """
                        lake: Missing required option: '--user=NAME'
                          cause:  the command was: lake ingest takeout.zip
                          remedy: `lake ingest --help` shows what it takes
                        """),
                mistake("tier aply", """
                        lake: Unmatched argument at index 1: 'aply'
                          cause:  the command was: lake tier aply
                          remedy: did you mean apply or plan? `lake tier --help` shows what it takes
                        """),
                mistake("sql select --format xml", """
                        lake: Invalid value for option '--format': expected one of [TABLE, CSV, JSON] (case-insensitive) but was 'xml'
                          cause:  the command was: lake sql select --format xml
                          remedy: `lake sql --help` shows what it takes
                        """),
                mistake("sql", """
                        lake: there is no statement to run
                          cause:  stdin has none
                          remedy: write one, as `lake sql "select 1"`, name a file with --file, or call `lake sql` on a terminal
                        """),
                mistake("tier status --lake /nowhere", """
                        lake: there is no lake at /nowhere
                          cause:  the folder has no lake.version
                          remedy: make one with `lake demo` or `lake ingest EXPORT --user NAME`, or name another with --lake
                        """),
                mistake("tables --now yesterday", """
                        lake: Invalid value for option '--now': 'yesterday' is not a time; write 2026-05-01 or 2026-05-01T12:00:00Z
                          cause:  the command was: lake tables --now yesterday
                          remedy: `lake tables --help` shows what it takes
                        """),
                mistake("tables --lake /nowhere", """
                        lake: there is no lake at /nowhere
                          cause:  the folder has no lake.version
                          remedy: make one with `lake demo` or `lake ingest EXPORT --user NAME`, or name another with --lake
                        """),
                mistake("config show --conf /nowhere.conf", """
                        lake: the configuration file /nowhere.conf cannot be read
                          cause:  /nowhere.conf: java.io.FileNotFoundException: /nowhere.conf (No such file or directory)
                          remedy: give --conf a file that exists and that you may read
                        """));
    }

    private static Arguments mistake(String commandLine, String stderr) {
        return Arguments.of(commandLine, stderr);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void aMistakeEndsWithTwoAndSaysProblemCauseAndRemedy(String commandLine, String stderr) {
        RunCli ran = RunCli.run(Map.of(), words(commandLine));

        assertThat(ran.stderr()).isEqualTo(stderr);
        assertThat(ran.stdout()).isEmpty();
        assertThat(ran.exitCode()).isEqualTo(2);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void withJsonAMistakeIsAlsoOneObjectOnStdout(String commandLine, String stderr) throws IOException {
        RunCli ran = RunCli.run(Map.of(), words((commandLine + " --json").strip()));

        JsonNode report = new ObjectMapper().readTree(ran.stdout());
        assertThat(report.get("status").asText()).isEqualTo("usage");
        assertThat(report.get("exit_code").asInt()).isEqualTo(2);
        assertThat(stderr)
                .contains(
                        report.at("/error/problem").asText(),
                        report.at("/error/remedy").asText());
        assertThat(report.has("result")).isFalse();
    }

    @Test
    void allMistakesOfTheConfigurationAreToldTogether() {
        RunCli ran =
                RunCli.run(Map.of("LAKE_INGEST_SPLIT_SIZE", "64", "LAKE_TIERING_POLICY", "ages"), "config", "show");

        assertThat(ran.exitCode()).isEqualTo(2);
        assertThat(ran.stderr()).isEqualTo("""
                        lake: the configuration has 2 mistakes
                          cause:  each line is one:
                            lake.ingest.split-size = 64 (LAKE_INGEST_SPLIT_SIZE) needs a size with its unit, as 64 MiB or 64 MB, from 1048576 B to 1099511627776 B
                            lake.tiering.policy = ages (LAKE_TIERING_POLICY) needs one of threshold, age, cost
                          remedy: correct them; conf/lake.conf lists every key with its default and unit
                        """);
    }

    @Test
    void globalOptionsStandBeforeOrAfterTheCommand() {
        RunCli before = RunCli.run(Map.of(), "--lake", "/nowhere", "tables");
        RunCli after = RunCli.run(Map.of("LAKE_HOME", "/elsewhere"), "tables", "--lake=/nowhere");

        assertThat(before.stderr())
                .startsWith("lake: there is no lake at /nowhere")
                .isEqualTo(after.stderr());
    }

    @Test
    void secretsAreNeverShown() {
        RunCli ran = RunCli.run(
                Map.of(
                        "LAKE_POSTGRES_PASSWORD",
                        "hunter2",
                        "LAKE_STORAGE_S3_ACCESS_KEY",
                        "a1",
                        "LAKE_STORAGE_S3_SECRET_KEY",
                        "b2c3"),
                "config",
                "show",
                "--json");

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.stdout()).contains("lake.postgres.password-file").doesNotContain("hunter2", "b2c3");
    }

    @Test
    void configShowTellsWhereEachValueWasSet() {
        RunCli ran = RunCli.run(Map.of("LAKE_INGEST_MAX_DEPTH", "5"), "--lake", "/data/lake", "config", "show");

        assertThat(ran.stdout().lines().map(line -> line.replaceAll(" +", " ")))
                .contains(
                        "KEY VALUE SOURCE",
                        "lake.home /data/lake command line",
                        "lake.ingest.max-depth 5 LAKE_INGEST_MAX_DEPTH",
                        "lake.tiering.hot.enter-above 10/h default");
    }

    @Test
    void doctorFindsWhatReadersWouldMissInSilence() throws IOException {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", folder.toString()));
        LakeHome home = LakeHome.open(config);
        AuditLog.of(config, home).append(new AuditEvent(Instant.EPOCH, "test", "test.remove", "lake.users", Map.of()));
        assertThat(RunCli.run(Map.of(), "doctor", "--lake", folder.toString()).exitCode())
                .isZero();
        Path commit = folder.resolve("tables/lake/users/_delta_log/00000000000000000000.json");
        Files.createDirectories(commit.getParent());
        Files.createFile(commit);
        Files.writeString(home.audit().resolve("log.ndjson"), "{}\n");

        RunCli ran = RunCli.run(Map.of(), "doctor", "--lake", folder.toString());

        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.stderr())
                .isEqualTo("lake: 2 of 6 checks found something broken\n"
                        + "  cause:  lake.users: the commit " + commit
                        + " is empty, so readers may miss rows in silence; audit log: log.ndjson, line 1 (byte 0): entry 0"
                        + " is altered\n"
                        + "  remedy: follow the remedies that the listing names\n");
        assertThat(ran.stdout()).contains("lake.users  broken");
    }

    @Test
    void aHotStoreOutOfReachIsSaidSo() {
        LakeHome.open(LakeConfig.load(null, Map.of(), Map.of("lake.home", folder.toString())));

        RunCli ran = RunCli.run(
                Map.of("LAKE_POSTGRES_URL", "jdbc:postgresql://127.0.0.1:1/lake"),
                "doctor",
                "--lake",
                folder.toString());

        assertThat(ran.exitCode()).isEqualTo(3);
        assertThat(ran.stderr())
                .contains("hot store: PostgreSQL at jdbc:postgresql://127.0.0.1:1/lake does not answer");
    }

    /** Of a server that does not run any more. */
    @Test
    void whatPostgresHasRefusedStandsInTheSignedAuditLogWhenACommandHasEnded() throws IOException {
        LakeHome home = LakeHome.open(LakeConfig.load(null, Map.of(), Map.of("lake.home", folder.toString())));
        Files.writeString(
                Files.createDirectories(home.postgresDirectory()).resolve("postgres.log"),
                "2026-01-31 23:59:59.123 UTC [77] 28P01 lake@lake psql FATAL:  password authentication failed\n");

        RunCli ran = RunCli.run(Map.of(), "tables", "--lake", folder.toString());

        assertThat(ran.exitCode()).as(ran.stderr()).isZero();
        assertThat(Files.readString(home.audit().resolve("log.ndjson")))
                .contains("\"actor\":\"postgres\",\"action\":\"postgres.login-failed\",\"subject\":\"lake\"");
        assertThat(home.audit().resolve("checkpoint")).exists();
    }

    @Test
    void statusAndTablesAnswerWithoutSpark() throws Exception {
        LakeHome.open(LakeConfig.load(
                null, Map.of(), Map.of("lake.home", folder.resolve("lake").toString())));
        for (List<String> command : List.of(List.of("tables"), List.of("tier", "status"), List.of("doctor"))) {
            List<String> loaded = classesLoadedBy(
                    Stream.concat(
                                    command.stream(),
                                    Stream.of("--lake", folder.resolve("lake").toString()))
                            .toList(),
                    0);

            assertThat(loaded).as("%s", command).noneMatch(line -> line.contains(" org.apache.spark.sql."));
        }
    }

    @Test
    void statusStartsAServerThatWasStoppedWithoutLoadingSpark() throws Exception {
        LakeConfig config = LakeConfig.load(
                null, Map.of(), Map.of("lake.home", folder.resolve("lake").toString()));
        LakeHome home = LakeHome.open(config);
        PostgresServer.open(config.postgres(), home).close();
        EmbeddedPostgres server = PostgresServer.embedded(config.postgres(), home);
        assertThat(server.stop()).isTrue();
        try {
            List<String> loaded = classesLoadedBy(
                    List.of("tier", "status", "--lake", folder.resolve("lake").toString()), 0);

            assertThat(loaded).noneMatch(line -> line.contains(" org.apache.spark.sql."));
            assertThat(server.running()).isPresent();
        } finally {
            server.stop();
        }
    }

    @Test
    void statusSaysWhyItDoesNotKnowWhatPostgresServes() {
        LakeHome.open(LakeConfig.load(null, Map.of(), Map.of("lake.home", folder.toString())));

        RunCli ran = RunCli.run(
                Map.of("LAKE_POSTGRES_URL", "jdbc:postgresql://127.0.0.1:1/lake"),
                "tier",
                "status",
                "--lake",
                folder.toString());

        assertThat(ran.exitCode()).isZero();
        assertThat(ran.stderr())
                .contains("lake: warning: PostgreSQL at jdbc:postgresql://127.0.0.1:1/lake does not answer: ")
                .contains("; start it, or correct lake.postgres.url");
    }

    @Test
    void helpAnswersWithoutLoadingSpark() throws Exception {
        for (List<String> args : List.of(
                List.of("--help"),
                List.of("--version"),
                List.of("tables", "--help"),
                List.of("doctor", "-h"),
                List.of("ingest", "--help"),
                List.of("tier", "apply", "--help"),
                List.of("sql", "--help"),
                List.of("tabels"))) {
            assertThat(classesLoadedBy(args, args.equals(List.of("tabels")) ? 2 : 0))
                    .as("%s", args)
                    .anyMatch(line -> line.contains(" picocli."))
                    .noneMatch(line -> line.contains(" org.apache.spark.")
                            || line.contains(" io.delta.")
                            || line.contains(" org.postgresql."));
        }
    }

    /** Runs a command in a JVM of its own. */
    private List<String> classesLoadedBy(List<String> args, int exitCode) throws Exception {
        Path classes = Files.createTempFile(folder, "classes", ".log");
        Path output = Files.createTempFile(folder, "output", ".log");
        Process process = new ProcessBuilder(Stream.concat(
                                Stream.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-XX:TieredStopAtLevel=1",
                                        "-Xlog:class+load:file=" + classes,
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Cli.class.getName()),
                                args.stream())
                        .toList())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(process.waitFor())
                .as("%s: %s", args, Files.readString(output))
                .isEqualTo(exitCode);
        assertThat(Files.readString(output)).as("%s", args).isNotBlank();
        return Files.readAllLines(classes);
    }

    @Test
    void theLakesClockIsAnOption() {
        Instant day = Instant.parse("2026-05-01T00:00:00Z");

        assertThat(new InstantConverter().convert("2026-05-01")).isEqualTo(day);
        assertThat(new InstantConverter().convert("2026-05-01T01:00:00Z")).isEqualTo(day.plus(Duration.ofHours(1)));
    }

    private static String[] words(String commandLine) {
        return commandLine.isEmpty() ? new String[0] : commandLine.split(" ");
    }
}
