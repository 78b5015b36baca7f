package io.datapunk.archive.backup;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.backup.verify.BackupDamage;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.testkit.FolderCopy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever is done to the files of a backup, {@code verify} tells it, and where. */
class DamagedBackupsTest {
    @TempDir
    private static Path shared;

    private static BackupFixture lake;
    private static Path location;
    private static Path earlier;
    private static List<Path> files;

    @BeforeAll
    static void aLakeWithTwoRestorePoints() throws IOException {
        lake = BackupFixture.make(shared);
        lake.create(BackupFixture.NOW);
        location = Path.of(lake.first());
        earlier = shared.resolve("earlier");
        FolderCopy.of(location, earlier);
        lake.append("('4', '2026-03-02', 'new')");
        lake.create(BackupFixture.NOW.plusSeconds(60));
        files = BackupTest.files(location);
        assertThat(verify()).isEmpty();
    }

    @Test
    void aHundredDamagesAreFoundAndLocated() throws IOException {
        damage(100, 1);
    }

    /** {@code -Dlake.test.damages=10000} makes more. */
    @Test
    @Tag("full")
    void moreDamagesOfOtherSeedsAreFoundAndLocated() throws IOException {
        damage(Integer.getInteger("lake.test.damages", 100), System.nanoTime());
    }

    @Test
    void aLocationThatWasSetBackIsFoundByTheLake() throws IOException {
        Path present = shared.resolve("present");
        Files.move(location, present);
        FolderCopy.of(earlier, location);

        assertThat(verify())
                .filteredOn(damage -> damage.file().startsWith("points/"))
                .singleElement()
                .satisfies(damage -> assertThat(present.resolve(damage.file())).exists())
                .extracting(BackupDamage::what)
                .isEqualTo("the file is missing, and with it the restore point");

        FolderTree.delete(location);
        Files.move(present, location);
    }

    private static void damage(int times, long seed) throws IOException {
        Random random = new Random(seed);
        for (int i = 0; i < times; i++) {
            Path file = files.get(random.nextInt(files.size()));
            byte[] before = Files.readAllBytes(file);
            String done = change(file, before, random);
            List<BackupDamage> damages = verify();
            assertThat(damages)
                    .as("seed %d, change %d: %s of %s", seed, i, done, location.relativize(file))
                    .anyMatch(damage -> location.relativize(file).toString().equals(damage.file()));
            Files.write(file, before);
        }
        assertThat(verify()).isEmpty();
    }

    private static String change(Path file, byte[] before, Random random) throws IOException {
        switch (random.nextInt(4)) {
            case 0 -> {
                byte[] after = before.clone();
                int at = random.nextInt(after.length);
                after[at] ^= (byte) (1 << random.nextInt(8));
                Files.write(file, after);
                return "byte " + at;
            }
            case 1 -> {
                int bytes = random.nextInt(before.length);
                Files.write(file, Arrays.copyOf(before, bytes));
                return "cut to " + bytes;
            }
            case 2 -> {
                Files.delete(file);
                return "removed";
            }
            default -> {
                Path other = files.get(random.nextInt(files.size()));
                if (Arrays.equals(Files.readAllBytes(other), before)) {
                    Files.delete(file);
                    return "removed";
                }
                Files.copy(other, file, StandardCopyOption.REPLACE_EXISTING);
                return "in its place " + location.relativize(other);
            }
        }
    }

    private static List<BackupDamage> verify() {
        return lake.verify(List.of(location.toString()), Optional.of(lake.home));
    }
}
