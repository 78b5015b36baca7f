package io.datapunk.archive.create;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.testkit.RunToKill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed leaves no half of a package, and the next one does all of its work. */
@Tag("full")
class KilledCreateTest {
    private static final int KILLS = 1;

    @TempDir
    private static Path shared;

    private static Path export;
    private static long undisturbedNanos;

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
        undisturbedNanos = begin(trial).undisturbedNanos();
    }

    @RepeatedTest(KILLS)
    void nothingIsLostAndNothingHalfVisible(RepetitionInfo repetition) throws Exception {
        ArchiveFixture lake = new ArchiveFixture(folder);
        begin(folder).kill(repetition, undisturbedNanos);

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

    private static RunToKill begin(Path lake) throws IOException {
        return RunToKill.begin(CreateRun.class, lake, List.of(lake.toString(), export.toString()));
    }

    /** {@code FOLDER EXPORT}: makes a package in a process of its own. */
    static final class CreateRun {
        private CreateRun() {}

        public static void main(String[] arguments) {
            ArchiveFixture lake = ArchiveFixture.existing(Path.of(arguments[0]));
            System.out.println(RunToKill.BEGUN);
            lake.create(Path.of(arguments[1]), "ann");
            System.exit(0);
        }
    }
}
