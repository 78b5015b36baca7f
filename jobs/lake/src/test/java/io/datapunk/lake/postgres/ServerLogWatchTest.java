package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.lake.audit.AuditRecord;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The log of an embedded server that does not run any more. */
class ServerLogWatchTest {
    private static final Instant NOW = Instant.parse("2026-01-31T23:59:59Z");

    @TempDir
    private Path home;

    private Path log;
    private int second;

    @BeforeEach
    void aServerHasRun() throws IOException {
        log = Files.createDirectory(home.resolve("postgres")).resolve("postgres.log");
        write("00000 LOG:  database system is ready to accept connections");
    }

    @Test
    void whatARoleWasRefusedIsOneEntryWithItsNumberAndNoName() throws IOException {
        failedLogIn("ann_app");
        failedLogIn("lake");
        failedLogIn("ann_app");
        denied("ann_app", "activity");

        look();
        look();

        assertThat(entries())
                .extracting(AuditRecord::actor, AuditRecord::action, AuditRecord::at)
                .containsExactly(
                        tuple("postgres", "postgres.login-failed", NOW),
                        tuple("postgres", "postgres.login-failed", NOW),
                        tuple("postgres", "postgres.denied", NOW));
        assertThat(entries().get(0).subject()).matches("role-[0-9a-f]{32}");
        assertThat(entries().get(0).details())
                .isEqualTo(Map.of(
                        "sqlstate", "28P01",
                        "database", "lake",
                        "times", "2",
                        "first", "2026-01-31 10:00:02.000 UTC",
                        "last", "2026-01-31 10:00:04.000 UTC"));
        assertThat(entries().get(1).subject()).isEqualTo("lake");
        assertThat(entries().get(2).subject()).isEqualTo(entries().get(0).subject());
        assertThat(entries().get(2).details())
                .containsEntry("object", "table activity")
                .containsEntry("sqlstate", "42501")
                .containsEntry("times", "1");
        try (var files = Files.walk(home.resolve("audit"))) {
            assertThat(files.filter(Files::isRegularFile).map(ServerLogWatchTest::text))
                    .noneMatch(text -> text.contains("ann_app"));
        }
        assertThat(Files.getPosixFilePermissions(home.resolve("keys/audit/role-key")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void theNextLookGoesOnWhereTheLastLineEnded() throws IOException {
        failedLogIn("lake");
        Files.writeString(log, line("28P01 lake@lake psql FATAL:  half a"), StandardOpenOption.APPEND);
        look();
        Files.writeString(log, " line\n", StandardOpenOption.APPEND);
        look();

        assertThat(entries())
                .extracting(entry -> entry.details().get("last"))
                .containsExactly("2026-01-31 10:00:02.000 UTC", "2026-01-31 10:00:03.000 UTC");
    }

    @Test
    void aCommandThatWasKilledTellsTwiceAndLosesNothing() throws IOException {
        look();
        byte[] before = Files.readAllBytes(home.resolve("audit/postgres-log"));
        failedLogIn("lake");
        look();
        Files.write(home.resolve("audit/postgres-log"), before);
        failedLogIn("lake");
        look();

        assertThat(entries()).extracting(entry -> entry.details().get("times")).containsExactly("1", "2");
    }

    @Test
    void whatWasRotatedAwayIsReadToItsEnd() throws IOException {
        look();
        failedLogIn("lake");
        Path rotated = Files.move(log, log.resolveSibling("postgres.log.1"));
        Files.setLastModifiedTime(rotated, FileTime.from(Instant.now().minusSeconds(5)));
        denied("lake", "activity");
        look();
        look();

        assertThat(entries())
                .extracting(AuditRecord::action)
                .containsExactly("postgres.login-failed", "postgres.denied");
    }

    @Test
    void aLogThatWasCutOffIsReadFromItsBeginning() throws IOException {
        failedLogIn("lake");
        look();
        Files.writeString(log, "");
        look();
        denied("lake", "activity");
        look();

        assertThat(entries())
                .extracting(AuditRecord::action)
                .containsExactly("postgres.login-failed", "postgres.denied");
    }

    @Test
    void whoTriesUnderManyNamesFillsNoDisk() throws IOException {
        for (int name = 0; name < 300; name++) {
            failedLogIn("name" + name);
        }
        write("28P01 lake@lake " + "x".repeat(100_000) + " FATAL:  no");
        look();

        assertThat(entries()).hasSize(101);
        assertThat(entries().get(100).subject()).isEqualTo("others");
        assertThat(entries().get(100).details()).containsEntry("times", "200");
    }

    @Test
    void logInsToOtherDatabasesDoNotBringTheirNamesAlong() throws IOException {
        write("28P01 lake@a secret that was typed psql FATAL:  password authentication failed");
        look();

        assertThat(entries())
                .extracting(entry -> entry.details().get("database"))
                .containsExactly("another");
    }

    @Test
    void withoutAServerNothingIsMade() throws IOException {
        Files.delete(log);
        Files.delete(log.getParent());
        look();

        assertThat(home.resolve("audit")).doesNotExist();
    }

    private void failedLogIn(String role) throws IOException {
        write("28P01 " + role + "@lake [unknown] FATAL:  password authentication failed for user \"" + role + "\"");
    }

    private void denied(String role, String table) throws IOException {
        write("42501 " + role + "@lake psql ERROR:  permission denied for table " + table);
    }

    private void write(String text) throws IOException {
        Files.writeString(log, line(text) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private String line(String text) {
        second++;
        return "2026-01-31 10:%02d:%02d.000 UTC [77] %s".formatted(second / 60, second % 60, text);
    }

    private void look() {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", home.toString()));
        new ServerLogWatch(config, LakeHome.of(config)).look(NOW, true);
    }

    private List<AuditRecord> entries() {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", home.toString()));
        List<AuditRecord> entries = new ArrayList<>();
        AuditTrail.of(config, LakeHome.of(config)).read(0, entries::add);
        return entries;
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
