package io.datapunk.archive.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.archive.backup.create.CreateBackupJob;
import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.repository.BackupErasure;
import io.datapunk.archive.backup.repository.BackupErasure.ParquetObject;
import io.datapunk.archive.backup.restore.DrillJob;
import io.datapunk.archive.backup.restore.RestoreBackupJob;
import io.datapunk.archive.backup.restore.RestoreInPlaceJob;
import io.datapunk.archive.backup.restore.Selection;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.KeyRotation;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.encryption.MasterKeys;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.hold.HoldStore;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.storage.BackupKeys;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.Stores;
import io.datapunk.testkit.FolderCopy;
import io.datapunk.testkit.KeystoreFile;
import io.datapunk.testkit.SharedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake is backed up to two places, lost, and restored. */
class BackupTest {
    private static final Instant NOW = BackupFixture.NOW;

    @TempDir
    private static Path shared;

    /** With one restore point, without PostgreSQL. */
    private static BackupFixture backedUp;

    @TempDir
    private Path folder;

    @BeforeAll
    static void aLakeWithARestorePoint() {
        backedUp = BackupFixture.make(shared);
        backedUp.create(NOW);
    }

    @Test
    void aDestroyedLakeComesBackWithItsPostgresql() throws Exception {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));
        RowChecksum rows = lake.rows(lake.home);
        new HoldStore(lake.home).place(hold());
        CreateBackupJob.Report made;
        try (PostgresServer server = PostgresServer.open(lake.config.postgres(), lake.home)) {
            execute(
                    server.connection(),
                    "CREATE TABLE notes AS SELECT n, 'note ' || n AS text FROM generate_series(1, 5000) AS n");
            made = lake.create(NOW.plusSeconds(60));
            // After the backup, so not in it
            execute(server.connection(), "DELETE FROM notes");
        }
        assertThat(made.postgres()).isTrue();
        assertThat(made.problems()).isEmpty();
        assertThat(lake.verify()).isEmpty();
        PostgresServer.embedded(lake.config.postgres(), lake.home).stop();
        FolderTree.delete(lake.folder.resolve("home"));

        Path target = folder.resolve("again");
        RestoreBackupJob.Report report = lake.restore(target, Selection.NEWEST);

        LakeHome again = lake.restored(target);
        assertThat(report.point()).isEqualTo(made.point());
        assertThat(report.postgres()).isTrue();
        assertThat(lake.rows(again)).isEqualTo(rows);
        assertThat(new HoldStore(again).read()).containsExactly(hold());
        assertThat(Files.readString(again.audit().resolve("log.ndjson")))
                .contains("backup.create", made.point().text())
                .contains("\"action\":\"key.make\",\"subject\":\"backup/")
                .contains("\"action\":\"key.use\",\"subject\":\"" + made.point().text()
                        + "\",\"details\":{\"points\":\"1\",\"purpose\":\"restore\"}");
        assertThat(AuditLog.of(lake.config, again).verify().intact()).isTrue();
        assertThat(lake.verify(List.of(lake.first(), lake.second()), Optional.of(again)))
                .as("its log is from before the point was made, and knows it all the same")
                .isEmpty();
        try (PostgresServer restored = PostgresServer.open(lake.config.postgres(), again)) {
            assertThat(number(restored.connection(), "SELECT count(*) FROM notes"))
                    .isEqualTo(5000);
            assertThat(number(restored.connection(), "SELECT sum(length(text)) FROM notes"))
                    .isEqualTo(5000 * 5 + 9 + 90 * 2 + 900 * 3 + 4001 * 4);
        } finally {
            PostgresServer.embedded(lake.config.postgres(), again).stop();
        }
    }

    @Test
    @Tag("full")
    void aRestoredTableIsAtItsVersionAndTakesNewRows() {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));
        long version = version(lake, lake.home);
        Path target = folder.resolve("again");
        lake.restore(target, Selection.NEWEST);

        LakeHome again = lake.restored(target);
        assertThat(version(lake, again)).isEqualTo(version);
        lake.spark
                .read()
                .format("delta")
                .load(again.tablePath(BackupFixture.ACTIVITY))
                .write()
                .format("delta")
                .mode("append")
                .save(again.tablePath(BackupFixture.ACTIVITY));
        assertThat(lake.titles(again)).containsExactly("lakes", "lakes", "punk", "punk", "zürich", "zürich");
    }

    @Test
    void onlyWhatIsNewIsStored() {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));
        lake.append("('4', '2026-03-02', 'new')");

        CreateBackupJob.Report second = lake.create(NOW.plusSeconds(60));

        // The data file, the table's log, and what the audit log and its heads have got in between
        assertThat(second.newObjects()).isBetween(2L, 5L);
        assertThat(second.rows()).isEqualTo(4);
        assertThat(lake.verify()).isEmpty();
        Path before = folder.resolve("before");
        lake.restore(before, at(NOW));
        assertThat(lake.titles(lake.restored(before))).containsExactly("lakes", "punk", "zürich");
        Path after = folder.resolve("after");
        lake.restore(after, Selection.NEWEST);
        assertThat(lake.titles(lake.restored(after))).containsExactly("lakes", "new", "punk", "zürich");
    }

    @Test
    @Tag("full")
    void oneLocationHelpsOutTheOther() throws IOException {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));
        for (Path object : files(Path.of(lake.first(), "objects"))) {
            Files.write(object, new byte[10]);
        }
        assertThat(lake.verify()).isNotEmpty().allMatch(damage -> damage.location()
                .equals(lake.first()));

        Path target = folder.resolve("again");
        lake.restore(target, Selection.NEWEST);
        assertThat(lake.titles(lake.restored(target))).containsExactly("lakes", "punk", "zürich");

        lake.create(NOW.plusSeconds(60));
        assertThat(lake.verify(List.of(lake.first()), Optional.of(lake.home)))
                .as("the next backup makes up what a location lacks, as far as the lake still has it")
                .hasSizeLessThan(3);
    }

    @Test
    void onePartitionIsRestoredAloneOrInPlace() {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));
        PartitionName march = PartitionName.parse("user_data.activity/month=2026-03");
        Selection selection = new Selection(
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.of(BackupFixture.ACTIVITY),
                Optional.of(march));
        Path target = folder.resolve("march");

        lake.restore(target, selection);

        assertThat(lake.titles(lake.restored(target))).containsExactly("zürich");

        lake.delete("month > '2026-01'");
        assertThat(lake.titles(lake.home)).containsExactly("lakes");
        new RestoreInPlaceJob(lake.spark, lake.config, lake.home)
                .run(new RestoreBackupJob.Request(List.of(lake.first()), selection, NOW), Progress.NONE);
        assertThat(lake.titles(lake.home)).containsExactly("lakes", "zürich");
        Selection table = new Selection(
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                Optional.of(BackupFixture.ACTIVITY),
                Optional.empty());
        new RestoreInPlaceJob(lake.spark, lake.config, lake.home)
                .run(new RestoreBackupJob.Request(List.of(lake.first()), table, NOW), Progress.NONE);
        assertThat(lake.titles(lake.home)).containsExactly("lakes", "punk", "zürich");

        new HoldStore(lake.home).place(hold());
        assertThatThrownBy(() -> new RestoreInPlaceJob(lake.spark, lake.config, lake.home)
                        .run(new RestoreBackupJob.Request(List.of(lake.first()), table, NOW), Progress.NONE))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("legal holds");
    }

    @Test
    void aHalfRestoredHomeIsRefusedAndTheSameRestoreEndsIt() throws IOException {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));
        List<Path> objects = new ArrayList<>(files(Path.of(lake.first(), "objects")));
        Path aside = folder.resolve("aside");
        FolderCopy.of(Path.of(lake.first()), aside);
        Path target = folder.resolve("again");
        // The table's files
        objects.sort(Comparator.comparing(object -> object.toFile().length()));
        for (Path object : objects.subList(objects.size() - 2, objects.size())) {
            Files.write(object, new byte[10]);
        }
        List<String> damaged = List.of(lake.first());
        assertThatThrownBy(() -> lake.restore(target, Selection.NEWEST, damaged))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("is damaged in all of");

        assertThatThrownBy(() -> lake.restored(target)).isInstanceOf(LakeException.class);
        assertThatThrownBy(() -> LakeHome.open(lake.config.withHome(target.toString())))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("half-restored");
        lake.restore(target, Selection.NEWEST, List.of(aside.toString()));
        assertThat(lake.titles(lake.restored(target))).containsExactly("lakes", "punk", "zürich");
        assertThatThrownBy(() -> lake.restore(target, Selection.NEWEST))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("holds something");
    }

    @Test
    void whatIsErasedIsGoneFromAllRestorePoints() throws IOException {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));
        Path setBack = folder.resolve("set-back");
        FolderCopy.of(Path.of(lake.first(), "keys/objects"), setBack);
        Path parquet = folder.resolve("object.parquet");
        String erased = null;
        try (BackupErasure erasure = BackupErasure.open(lake.config, lake.home, NOW.plusSeconds(60))) {
            for (ParquetObject object : erasure.parquetObjects()) {
                erasure.copyTo(object.id(), parquet);
                Dataset<Row> rows = lake.spark.read().parquet(parquet.toString());
                if (rows.where("title = 'punk'").count() > 0) {
                    assertThat(object.tables()).containsOnlyKeys("user_data.activity");
                    erased = object.id();
                    erasure.remove(object.id());
                } else if (rows.where("title = 'lakes'").count() > 0) {
                    // Two rows become one: here another one that takes its place
                    Path one = folder.resolve("one");
                    rows.withColumn("title", org.apache.spark.sql.functions.lit("ponds"))
                            .coalesce(1)
                            .write()
                            .parquet(one.toString());
                    Path written = files(one).stream()
                            .filter(file -> file.toString().endsWith(".parquet"))
                            .findFirst()
                            .orElseThrow();
                    Dataset<Row> withMonth = lake.spark
                            .read()
                            .parquet(one.toString())
                            .withColumn("month", org.apache.spark.sql.functions.lit("2026-01"));
                    erasure.replace(object.id(), written, DeltaChecksum.of(withMonth));
                }
                Files.delete(parquet);
            }
        }

        assertThat(lake.verify()).isEmpty();
        String id = erased;
        assertThat(files(Path.of(lake.first(), "objects")))
                .noneMatch(file -> file.getFileName().toString().equals(id));
        Path target = folder.resolve("again");
        lake.restore(target, Selection.NEWEST);
        assertThat(lake.titles(lake.restored(target))).containsExactly("ponds", "zürich");

        FolderTree.delete(Path.of(lake.first(), "keys/objects"));
        FolderCopy.of(setBack, Path.of(lake.first(), "keys/objects"));
        assertThat(lake.verify())
                .as("keys that were destroyed and came back")
                .anyMatch(damage -> damage.file().startsWith("keys/objects/")
                        && damage.what().contains("it was set back"));
        lake.create(NOW.plusSeconds(120));
        assertThat(lake.verify()).isEmpty();
    }

    @Test
    void aDrillIsWrittenDown() {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));

        DrillJob.Report passed = drill(lake);
        DrillJob.Report late = drill(lake.with(Map.of("lake.backup.drill.age", "10 m")));

        assertThat(passed.findings()).isEmpty();
        assertThat(passed.rows()).isEqualTo(3);
        assertThat(late.findings()).singleElement().asString().contains("the newest restore point is 1 h old");
        assertThat(lake.spark
                        .sql("SELECT passed, rows, point_id FROM archive.drills ORDER BY passed")
                        .collectAsList())
                .extracting(Row::toString)
                .containsExactly("[false,3," + passed.point() + "]", "[true,3," + passed.point() + "]");
    }

    private static DrillJob.Report drill(BackupFixture lake) {
        return new DrillJob(lake.spark, lake.config, lake.home)
                .run(new DrillJob.Request(List.of(lake.second()), NOW.plus(Duration.ofHours(1))), Progress.NONE);
    }

    @Test
    void whatNoRuleKeepsGoes() throws IOException {
        BackupFixture lake = backedUp.copy(folder.resolve("lake")).with(Map.of("lake.backup.prune", "true"));
        lake.delete("title = 'punk'");
        long before = files(Path.of(lake.first(), "objects")).size();
        Hold hold = hold();
        new HoldStore(lake.home).place(hold);
        Instant later = NOW.plus(Duration.ofDays(400));
        PointName first = PointName.of(NOW, 0, false);

        CreateBackupJob.Report held = lake.create(later);
        assertThat(held.pruned()).isEmpty();
        assertThat(held.warnings()).anyMatch(warning -> warning.contains("a legal hold may protect"));

        new HoldStore(lake.home).release(hold.id());
        CreateBackupJob.Report pruned = lake.create(later.plusSeconds(60));
        assertThat(pruned.pruned()).extracting(PointName::createdAt).contains(first.createdAt());
        assertThat(lake.verify()).isEmpty();
        assertThat(files(Path.of(lake.first(), "objects")).size()).isLessThanOrEqualTo((int) before + 2);
        Path target = folder.resolve("again");
        lake.restore(target, Selection.NEWEST);
        assertThat(lake.titles(lake.restored(target))).containsExactly("lakes", "zürich");
    }

    @Test
    void anotherMasterKeyOpensWhatWasThereBefore() {
        BackupFixture lake =
                backedUp.copy(folder.resolve("lake")).with(Map.of("lake.backup.master-key", "lake-backup-2"));
        var stores = Stores.configuration(lake.config);
        KeyRotation rotation = new KeyRotation(new Keyring(lake.home.keysPath(), stores), owner -> "lake-backup-2");
        rotation.run(rotation.due(), MasterKeys.of(stores), (key, to) -> {
            assertThat(key.owner()).isEqualTo(KeyOwner.BACKUP);
        });
        assertThat(new BackupKeys(lake.config, lake.home).sync()).isEmpty();
        KeystoreFile.without("lake-backup-1", lake.folder.resolve("keys.p12"), lake.folder.resolve("new.p12"));
        BackupFixture rotated = lake.with(Map.of(
                "lake.backup.master-key",
                "lake-backup-2",
                "lake.storage.encryption.keystore",
                lake.folder.resolve("new.p12").toString()));

        assertThat(rotated.verify()).isEmpty();
        assertThat(rotated.create(NOW.plusSeconds(60)).newObjects()).isLessThan(4);
        Path target = folder.resolve("again");
        rotated.restore(target, at(NOW));
        assertThat(rotated.titles(rotated.restored(target))).containsExactly("lakes", "punk", "zürich");
    }

    @Test
    @Tag("full")
    void anotherLakesBackupsAreNotWrittenInto() {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));
        BackupFixture other = BackupFixture.make(createDirectory(folder.resolve("other")));
        BackupFixture wrong = other.with(Map.of("lake.backup.locations", lake.first()));

        assertThatThrownBy(() -> wrong.create(NOW))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("the keys of the lake are not complete");
        assertThat(lake.verify()).isEmpty();
    }

    private static Path createDirectory(Path path) {
        try {
            return Files.createDirectories(path);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    private static Hold hold() {
        return new Hold(
                "00000001",
                Optional.empty(),
                Optional.of(BackupFixture.ACTIVITY),
                Optional.empty(),
                Optional.empty(),
                "case 12",
                NOW);
    }

    static Selection at(Instant time) {
        return new Selection(
                Optional.empty(), Optional.of(time), OptionalLong.empty(), Optional.empty(), Optional.empty());
    }

    private static long version(BackupFixture lake, LakeHome home) {
        return TableLog.of(lake.config, home)
                .snapshot(BackupFixture.ACTIVITY)
                .orElseThrow()
                .version();
    }

    static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).sorted().toList();
        }
    }

    private static void execute(PostgresConnection server, String sql) throws Exception {
        try (Connection connection = SharedPostgres.connect(server);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long number(PostgresConnection server, String sql) throws Exception {
        try (Connection connection = SharedPostgres.connect(server);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
