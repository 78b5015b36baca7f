package io.datapunk.archive.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.backup.create.CreateBackupJob;
import io.datapunk.archive.backup.repository.BackupErasure;
import io.datapunk.archive.backup.restore.Selection;
import io.datapunk.archive.backup.verify.BackupDamage;
import io.datapunk.archive.backup.verify.RepairBackupsJob;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.testkit.FolderCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one location of backups has damaged or lacks comes back from another one, or from the lake. */
class RepairBackupsTest {
    @TempDir
    private static Path shared;

    private static BackupFixture backedUp;

    @TempDir
    private Path folder;

    @BeforeAll
    static void aLakeWithTwoRestorePoints() {
        backedUp = BackupFixture.make(shared);
        backedUp.create(BackupFixture.NOW);
        backedUp.append("('4', '2026-03-02', 'new')");
        backedUp.create(BackupFixture.NOW.plusSeconds(60));
    }

    @Test
    void whateverIsDamagedInOneLocationComesBackFromTheOther() throws IOException {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));
        Path first = Path.of(lake.first());
        for (String part : List.of("objects", "points", "keys/objects")) {
            for (Path file : BackupTest.files(first.resolve(part))) {
                flipAByte(file);
            }
        }

        List<BackupDamage> damages = lake.verify();

        assertThat(damages).isNotEmpty().allSatisfy(damage -> {
            assertThat(damage.location()).isEqualTo(lake.first());
            assertThat(damage.whole()).contains(lake.second());
        });
        repairAll(lake);
        assertThat(Files.readString(lake.home.audit().resolve("log.ndjson"))).contains("backup.copy-back");
        lake.restore(folder.resolve("again"), Selection.NEWEST, List.of(lake.first()));
        assertThat(lake.titles(lake.restored(folder.resolve("again"))))
                .containsExactly("lakes", "new", "punk", "zürich");
    }

    @Test
    void theKeyThatAllIdsFollowFromComesBackToo() throws IOException {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));
        flipAByte(Path.of(lake.first(), "keys/id-key"));

        assertThat(lake.verify()).extracting(BackupDamage::file).containsExactly("keys/id-key");

        repairAll(lake);
    }

    @Test
    void aNewLocationGetsAllRestorePoints() throws IOException {
        BackupFixture two = backedUp.copy(folder.resolve("lake"));
        Path third = Files.createDirectory(two.folder.resolve("third"));
        BackupFixture lake = two.with(Map.of("lake.backup.locations", two.first() + "," + two.second() + "," + third));
        lake.create(BackupFixture.NOW.plusSeconds(120));
        FolderTree.delete(two.folder.resolve("first"));
        Files.createDirectory(two.folder.resolve("first"));
        lake.create(BackupFixture.NOW.plusSeconds(180));

        repairAll(lake);

        lake.restore(folder.resolve("again"), BackupTest.at(BackupFixture.NOW), List.of(third.toString()));
        assertThat(lake.titles(lake.restored(folder.resolve("again")))).containsExactly("lakes", "punk", "zürich");
    }

    @Test
    void keysThatWereDestroyedStayDestroyed() throws IOException {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));
        Path setBack = folder.resolve("set-back");
        FolderCopy.of(Path.of(lake.first()), setBack);
        try (BackupErasure erasure = BackupErasure.open(lake.config, lake.home, BackupFixture.NOW.plusSeconds(120))) {
            erasure.remove(erasure.parquetObjects().get(0).id());
        }
        // All of both locations but what says that something was replaced
        for (String location : List.of(lake.first(), lake.second())) {
            for (String part : List.of("keys/objects", "objects")) {
                FolderTree.delete(Path.of(location, part));
                FolderCopy.of(setBack.resolve(part), Path.of(location, part));
            }
        }

        assertThat(lake.verify())
                .filteredOn(damage -> damage.file().startsWith("keys/objects/"))
                .isNotEmpty()
                .allMatch(damage -> damage.whole().isEmpty());
        lake.create(BackupFixture.NOW.plusSeconds(180));
        assertThat(lake.verify()).as("the next backup destroys them again").isEmpty();
    }

    @Test
    void aFullReadStoresAnewWhatIsDamagedInAllLocations() throws IOException {
        BackupFixture lake = backedUp.copy(folder.resolve("lake"));
        for (String location : List.of(lake.first(), lake.second())) {
            for (Path object : BackupTest.files(Path.of(location, "objects"))) {
                flipAByte(object);
            }
        }
        assertThat(lake.verify()).isNotEmpty().allMatch(damage -> damage.whole().isEmpty());

        new CreateBackupJob(lake.spark, lake.config, lake.home)
                .run(new CreateBackupJob.Request(false, true, BackupFixture.NOW.plusSeconds(120)), Progress.NONE);

        lake.restore(folder.resolve("again"), Selection.NEWEST);
        assertThat(lake.titles(lake.restored(folder.resolve("again"))))
                .containsExactly("lakes", "new", "punk", "zürich");
    }

    /** What is seen only when the keys are there again is repaired by another run. */
    private static void repairAll(BackupFixture lake) {
        for (int run = 0; run < 3; run++) {
            List<BackupDamage> damages = lake.verify(lake.config.backup().locations(lake.home), Optional.of(lake.home));
            if (!damages.isEmpty()) {
                new RepairBackupsJob(lake.config, lake.home).run(damages, BackupFixture.NOW.plusSeconds(600));
            }
        }
        assertThat(lake.verify(lake.config.backup().locations(lake.home), Optional.of(lake.home)))
                .isEmpty();
    }

    private static void flipAByte(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }
}
