package io.datapunk.archive.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.archive.backup.restore.AfterRestore;
import io.datapunk.archive.backup.restore.RestorePostgresJob;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresRecovery;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.postgres.WalArchive;
import io.datapunk.testkit.SharedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL goes on after a restore point, is lost, and comes back by the log that was archived meanwhile. */
class PointInTimeRecoveryTest {
    @TempDir
    private Path folder;

    private BackupFixture lake;
    private Path archive;
    private Instant beforeTheMistake;

    @BeforeEach
    void aServerThatGoesOnAfterARestorePoint() throws Exception {
        archive = Files.createDirectory(folder.resolve("it's 100% wal"));
        lake = BackupFixture.make(Files.createDirectory(folder.resolve("lake")))
                .with(Map.of("lake.postgres.wal.archive", archive.toString(), "lake.postgres.wal.timeout", "1 s"));
        try (PostgresServer server = PostgresServer.open(lake.config.postgres(), lake.home)) {
            execute(server.connection(), "CREATE TABLE notes (text text)", "INSERT INTO notes VALUES ('backed up')");
            lake.create(Instant.now());
            execute(server.connection(), "INSERT INTO notes VALUES ('written later')");
            beforeTheMistake = now(server.connection());
            execute(server.connection(), "DELETE FROM notes WHERE text = 'written later'");
            execute(server.connection(), "INSERT INTO notes VALUES ('written last')");
        }
    }

    @AfterEach
    void stop() {
        PostgresServer.embedded(lake.config.postgres(), lake.home).stop();
    }

    @Test
    void aLostServerIsBroughtToItsLastChange() throws Exception {
        Path data = lake.home.postgresDirectory().resolve("data");
        PostgresServer.embedded(lake.config.postgres(), lake.home).stop();
        Files.write(data.resolve("global/pg_control"), new byte[8192]);

        RestorePostgresJob.Report report = job(lake.config).inPlace(request(Optional.empty()), Progress.NONE);

        assertThat(notes(report)).containsExactly("backed up", "written last");
        assertThat(report.recovered().lastChange().orElseThrow()).isAfter(beforeTheMistake);
        assertThat(report.recovered().aside().orElseThrow().resolve("global/pg_control"))
                .exists();
        assertThat(WalArchive.health(report.recovered().connection()).on()).isTrue();

        // Once more, over the fork that the first recovery has made in the log.
        execute(report.recovered().connection(), "INSERT INTO notes VALUES ('after recovery')");
        assertThat(notes(job(lake.config).inPlace(request(Optional.empty()), Progress.NONE)))
                .containsExactly("after recovery", "backed up", "written last");

        Path killed = Files.createDirectory(lake.home.postgresDirectory().resolve("restored"));
        assertThat(PostgresRecovery.removeAside(lake.home)).isEqualTo(3);
        assertThat(killed).doesNotExist();
        assertThat(lake.home.postgresDirectory()).isDirectoryNotContaining("glob:**/data-before-*");
    }

    @Test
    void aMistakeIsLookedAtAsOfBeforeElsewhere() throws Exception {
        LakeConfig there = lake.config.withHome(folder.resolve("there").toString());
        PostgresServer.embedded(lake.config.postgres(), lake.home).stop();

        RestorePostgresJob.Report report = job(there).elsewhere(request(Optional.of(beforeTheMistake)), Progress.NONE);

        assertThat(notes(report)).containsExactly("backed up", "written later");
        assertThat(WalArchive.of(there.postgres(), LakeHome.openExisting(there)).map(WalArchive::name))
                .as("it archives to a folder of its own")
                .isNotEqualTo(WalArchive.of(lake.config.postgres(), lake.home).map(WalArchive::name));
        PostgresServer.embedded(there.postgres(), LakeHome.of(there)).stop();
        try (PostgresServer server = PostgresServer.open(lake.config.postgres(), lake.home)) {
            assertThat(notes(server.connection())).containsExactly("backed up", "written last");
        }
    }

    @Test
    void aMomentAfterTheEndOfTheLogIsRefusedAndInItsPlaceAnyMoment() {
        LakeConfig there = lake.config.withHome(folder.resolve("there").toString());
        PostgresServer.embedded(lake.config.postgres(), lake.home).stop();

        assertThatThrownBy(() ->
                        job(there).elsewhere(request(Optional.of(Instant.now().plusSeconds(3600))), Progress.NONE))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("its archived log ends before");
        assertThatThrownBy(() -> job(lake.config).inPlace(request(Optional.of(beforeTheMistake)), Progress.NONE))
                .hasMessageContaining("leave --at out");
    }

    @Test
    void aPieceThatIsMissingIsNotTakenForTheEndOfTheLog() throws Exception {
        for (int change = 0; change < 3; change++) {
            try (PostgresServer server = PostgresServer.open(lake.config.postgres(), lake.home)) {
                execute(server.connection(), "INSERT INTO notes VALUES ('more')", "SELECT pg_switch_wal()");
            }
        }
        PostgresServer.embedded(lake.config.postgres(), lake.home).stop();
        List<Path> pieces = pieces();
        Files.delete(pieces.get(pieces.size() - 2));

        assertThatThrownBy(() -> job(lake.config).inPlace(request(Optional.empty()), Progress.NONE))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("lacks the piece that ends in "
                        + pieces.get(pieces.size() - 2).getFileName().toString().substring(8, 24));
    }

    @Test
    void aDamagedPieceLeavesTheServerAsItWas() throws Exception {
        PostgresServer.embedded(lake.config.postgres(), lake.home).stop();
        List<Path> pieces = pieces();
        Files.write(pieces.get(pieces.size() - 1), new byte[] {1, 2, 3}, StandardOpenOption.TRUNCATE_EXISTING);

        assertThatThrownBy(() -> job(lake.config).inPlace(request(Optional.empty()), Progress.NONE))
                .isInstanceOf(LakeException.class);

        try (PostgresServer server = PostgresServer.open(lake.config.postgres(), lake.home)) {
            assertThat(notes(server.connection())).containsExactly("backed up", "written last");
        }
    }

    @Test
    void theNextBackupRemovesWhatIsTooOld() throws Exception {
        PostgresServer.embedded(lake.config.postgres(), lake.home).stop();
        Path oldest = pieces().get(0);
        Files.setLastModifiedTime(oldest, FileTime.from(Instant.now().minusSeconds(15 * 86_400)));

        lake.create(Instant.now());

        assertThat(oldest).doesNotExist();
    }

    private RestorePostgresJob job(LakeConfig config) {
        return new RestorePostgresJob(config, LakeHome.of(config), AfterRestore.NOTHING);
    }

    private RestorePostgresJob.Request request(Optional<Instant> until) {
        return new RestorePostgresJob.Request(
                List.of(lake.first(), lake.second()), Optional.empty(), until, Instant.now());
    }

    /** Of the log, the oldest first. */
    private List<Path> pieces() throws IOException {
        Path own = archive.resolve(
                WalArchive.of(lake.config.postgres(), lake.home).orElseThrow().name());
        try (Stream<Path> files = Files.list(own)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9A-F]{24}[.]gz"))
                    .sorted()
                    .toList();
        }
    }

    private static List<String> notes(RestorePostgresJob.Report report) throws SQLException {
        return notes(report.recovered().connection());
    }

    private static List<String> notes(PostgresConnection server) throws SQLException {
        List<String> notes = new ArrayList<>();
        try (Connection connection = SharedPostgres.connect(server);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT text FROM notes ORDER BY text")) {
            while (rows.next()) {
                notes.add(rows.getString(1));
            }
        }
        return notes;
    }

    private static Instant now(PostgresConnection server) throws SQLException {
        try (Connection connection = SharedPostgres.connect(server);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT clock_timestamp()")) {
            row.next();
            return row.getTimestamp(1).toInstant();
        }
    }

    private static void execute(PostgresConnection server, String... statements) throws SQLException {
        try (Connection connection = SharedPostgres.connect(server);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
