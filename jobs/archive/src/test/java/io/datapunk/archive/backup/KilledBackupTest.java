package io.datapunk.archive.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.backup.restore.Selection;
import io.datapunk.testkit.RunToKill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is killed leaves no half of a restore point, and the next one does all of its work. */
@Tag("full")
class KilledBackupTest {
    private static final int KILLS = 1;
    private static final int PACKS = 40;

    @TempDir
    private static Path shared;

    private static BackupFixture original;
    private static long undisturbedNanos;

    @TempDir
    private Path folder;

    @BeforeAll
    static void aLakeAndHowLongItsBackupTakes() throws Exception {
        original = BackupFixture.make(Files.createDirectory(shared.resolve("original")));
        original.create(BackupFixture.NOW);
        original.append("('4', '2026-03-02', 'new')");
        Random random = new Random(9);
        Path packs = Files.createDirectories(Path.of(original.home.archivePath()));
        for (int pack = 0; pack < PACKS; pack++) {
            byte[] bytes = new byte[1_000_000];
            random.nextBytes(bytes);
            Files.write(packs.resolve(pack + ".bin"), bytes);
        }
        Path trial = Files.createDirectory(shared.resolve("trial"));
        original.copy(trial);
        undisturbedNanos = begin(trial).undisturbedNanos();
    }

    @RepeatedTest(KILLS)
    void nothingIsLostAndNothingHalfVisible(RepetitionInfo repetition) throws Exception {
        Path place = Files.createDirectory(folder.resolve("lake"));
        BackupFixture lake = original.copy(place);
        begin(place).kill(repetition, undisturbedNanos);

        assertThat(lake.verify())
                .as("what was whole before is whole, and a new point is either whole or not there")
                .allMatch(damage -> damage.what().contains("the next `lake backup create` settles it")
                        || damage.file().startsWith("points/"));
        lake.create(BackupFixture.NOW.plusSeconds(60));

        assertThat(lake.verify()).isEmpty();
        assertThat(lake.home.staging("backup")).doesNotExist();
        Path again = folder.resolve("again");
        lake.restore(again, Selection.NEWEST);
        assertThat(lake.titles(lake.restored(again))).containsExactly("lakes", "new", "punk", "zürich");
        for (int pack = 0; pack < PACKS; pack++) {
            assertThat(again.resolve("archive/" + pack + ".bin"))
                    .hasSameBinaryContentAs(place.resolve("home/archive/" + pack + ".bin"));
        }
    }

    private static RunToKill begin(Path lake) throws IOException {
        return RunToKill.begin(BackupProcess.class, lake, List.of(lake.toString()));
    }

    /** {@code FOLDER}: makes a restore point in a process of its own. */
    static final class BackupProcess {
        private BackupProcess() {}

        public static void main(String[] arguments) {
            BackupFixture lake = BackupFixture.existing(Path.of(arguments[0]), Map.of());
            System.out.println(RunToKill.BEGUN);
            lake.create(BackupFixture.NOW.plusSeconds(30));
            System.exit(0);
        }
    }
}
