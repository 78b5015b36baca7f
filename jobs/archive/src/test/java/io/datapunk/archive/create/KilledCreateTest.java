package io.datapunk.archive.create;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.testkit.SparkJvm;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed leaves no half of a package, and the next one does all of its work. */
@Tag("full")
class KilledCreateTest {
    private static final int KILLS = 4;

    @TempDir
    private static Path shared;

    private static Path export;
    private static long undisturbedMillis;

    @TempDir
    private Path folder;

    @BeforeAll
    static void anExportAndHowLongItTakes() throws Exception {
        export = Files.createDirectories(shared.resolve("Takeout"));
        Random random = new Random(9);
        for (int entry = 0; entry < 40; entry++) {
            byte[] bytes = new byte[1_000_000];
            random.nextBytes(bytes);
            Files.write(export.resolve(entry + ".bin"), bytes);
        }
        Path trial = Files.createDirectory(shared.resolve("trial"));
        new ArchiveFixture(trial);
        Process process = start(trial);
        awaitSpark(trial);
        long begin = System.nanoTime();
        assertThat(process.waitFor())
                .as(Files.readString(trial.resolve("output")))
                .isZero();
        undisturbedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    @RepeatedTest(KILLS)
    void nothingIsLostAndNothingHalfVisible(RepetitionInfo repetition) throws Exception {
        ArchiveFixture lake = new ArchiveFixture(folder);
        Process process = start(folder);
        awaitSpark(folder);
        // Spread over the run, each somewhere in its own part of it
        double moment = (repetition.getCurrentRepetition() - 1 + Math.random()) / KILLS;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos((long) (moment * undisturbedMillis)));
        process.destroyForcibly().waitFor();

        assertThat(lake.verify().damages())
                .allMatch(damage -> damage.what().contains("the next `lake archive create` writes it down"));
        CreateExportPackageJob.Report again = lake.create(export, "ann");

        assertThat(lake.verify().damages()).isEmpty();
        assertThat(lake.sql("SELECT path FROM archive.packages"))
                .extracting(row -> row.getString(0))
                .containsExactly(again.path());
        assertThat(lake.sql("SELECT entry FROM archive.contents")).hasSize(40);
        assertThat(lake.home.staging("archive")).doesNotExist();
        lake.restore(again.path(), Optional.empty(), folder.resolve("again"));
        SortedMap<String, byte[]> restored = ArchiveFixture.files(folder.resolve("again/Takeout"));
        ArchiveFixture.files(export)
                .forEach(
                        (file, bytes) -> assertThat(restored.get(file)).as(file).isEqualTo(bytes));
    }

    private static Process start(Path lake) throws IOException {
        List<String> command = SparkJvm.command(CreateRun.class, "-Xmx1g");
        command.addAll(List.of(lake.toString(), export.toString()));
        File output = lake.resolve("output").toFile();
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output)
                .start();
    }

    /** Until the process has begun its work. */
    private static void awaitSpark(Path lake) throws IOException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        Path output = lake.resolve("output");
        while (!Files.readString(output, StandardCharsets.UTF_8).contains(CreateRun.BEGUN)) {
            assertThat(System.nanoTime()).as(Files.readString(output)).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** {@code FOLDER EXPORT}: makes a package in a process of its own. */
    static final class CreateRun {
        private static final String BEGUN = "begun";

        private CreateRun() {}

        public static void main(String[] arguments) {
            ArchiveFixture lake = ArchiveFixture.existing(Path.of(arguments[0]));
            System.out.println(BEGUN);
            lake.create(Path.of(arguments[1]), "ann");
            System.exit(0);
        }
    }
}
