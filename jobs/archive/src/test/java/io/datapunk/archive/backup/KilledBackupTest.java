package io.datapunk.archive.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.backup.restore.Selection;
import io.datapunk.testkit.SparkJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A backup that is killed leaves no half of a restore point, and the next one does all of its work. */
@Tag("full")
class KilledBackupTest {
    private static final int KILLS = 2;
    private static final int PACKS = 40;

    @TempDir
    private static Path shared;

    private static BackupFixture original;
    private static long undisturbedMillis;

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
        Process process = start(trial);
        await(trial);
        long begin = System.nanoTime();
        assertThat(process.waitFor())
                .as(Files.readString(trial.resolve("output")))
                .isZero();
        undisturbedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    @RepeatedTest(KILLS)
    void nothingIsLostAndNothingHalfVisible(RepetitionInfo repetition) throws Exception {
        Path place = Files.createDirectory(folder.resolve("lake"));
        BackupFixture lake = original.copy(place);
        Process process = start(place);
        await(place);
        // Spread over the run, each somewhere in its own part of it
        double moment = (repetition.getCurrentRepetition() - 1 + Math.random()) / KILLS;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos((long) (moment * undisturbedMillis)));
        process.destroyForcibly().waitFor();

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

    private static Process start(Path lake) throws IOException {
        List<String> command = SparkJvm.command(BackupProcess.class, "-Xmx1g");
        command.add(lake.toString());
        File output = lake.resolve("output").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
    }

    /** Until the process has begun its work. */
    private static void await(Path lake) throws IOException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(3);
        Path output = lake.resolve("output");
        while (!Files.readString(output).contains(BackupProcess.BEGUN)) {
            assertThat(System.nanoTime()).as(Files.readString(output)).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** {@code FOLDER}: makes a restore point in a process of its own. */
    static final class BackupProcess {
        private static final String BEGUN = "begun";

        private BackupProcess() {}

        public static void main(String[] arguments) {
            BackupFixture lake = BackupFixture.existing(Path.of(arguments[0]), Map.of());
            System.out.println(BEGUN);
            lake.create(BackupFixture.NOW.plusSeconds(30));
            System.exit(0);
        }
    }
}
