package io.datapunk.archive.create;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.restore.RestorePackageJob;
import io.datapunk.archive.restore.VerifyPackagesJob;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Packages are read-only and have copies elsewhere, which serve where the first one fails. */
class PackageCopiesTest {
    @TempDir
    private static Path shared;

    private static ArchiveFixture base;
    private static Path export;

    @TempDir
    private Path folder;

    private ArchiveFixture lake;
    private Path first;
    private Path second;
    private CreateExportPackageJob.Report made;

    @BeforeAll
    static void anExport() throws IOException {
        base = new ArchiveFixture(Files.createDirectory(shared.resolve("lake")));
        export = Files.createDirectory(shared.resolve("Takeout"));
        Files.writeString(export.resolve("a.json"), "[{\"title\":\"lakes\"}]");
    }

    @BeforeEach
    void aPackageWithTwoCopies() throws IOException {
        first = Files.createDirectory(folder.resolve("first"));
        second = Files.createDirectory(folder.resolve("second"));
        lake = base.copy(folder.resolve("lake")).with(Map.of("lake.archive.locations", first + "," + second));
        made = lake.create(export, "ann");
    }

    @Test
    void everyCopyIsThePackageItselfAndReadOnly() {
        assertThat(made.warnings()).isEmpty();
        ArchiveFixture.files(lake.archive().resolve(made.path())).forEach((file, bytes) -> {
            for (Path place : new Path[] {lake.archive(), first, second}) {
                Path copy = place.resolve(made.path()).resolve(file);
                assertThat(copy).hasBinaryContent(bytes);
                assertThat(permissions(copy)).as(copy.toString()).doesNotContain("w");
                assertThat(permissions(copy.getParent())).doesNotContain("w");
            }
        });
        VerifyPackagesJob.Report report = lake.verify();
        assertThat(report.damages()).isEmpty();
        assertThat(report.warnings()).isEmpty();
    }

    @Test
    void verifyTellsWhatCanBeWrittenAndTheNextRunProtectsIt() throws IOException {
        Path file = lake.archive().resolve(made.path()).resolve("bagit.txt");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));

        assertThat(lake.verify().warnings())
                .containsExactly("1 files and folders of packages can be written, " + made.path()
                        + "/bagit.txt among them: the next `lake archive create` makes them read-only");
        lake.create(export, "ann");
        assertThat(permissions(file)).isEqualTo("r--r--r--");
    }

    @Test
    void whatIsDamagedHereIsRestoredFromACopyAndTold() throws IOException {
        Path bag = lake.archive().resolve(made.path());
        Path pack = bag.resolve("data")
                .resolve(ArchiveFixture.files(bag.resolve("data")).firstKey());
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 1;
        Files.setPosixFilePermissions(pack, PosixFilePermissions.fromString("rw-r--r--"));
        Files.write(pack, bytes);

        RestorePackageJob.Report report = lake.restore(made.path(), Optional.empty(), folder.resolve("again"));

        assertThat(folder.resolve("again/Takeout/a.json")).hasSameBinaryContentAs(export.resolve("a.json"));
        assertThat(report.warnings())
                .singleElement()
                .asString()
                .startsWith("it was restored from the copy in " + first);
        VerifyPackagesJob.Report verified = lake.verify();
        assertThat(verified.damages()).isNotEmpty();
        assertThat(verified.warnings()).anySatisfy(warning -> assertThat(warning)
                .contains("fewer than 3 verified copies")
                .contains("only 2"));
    }

    @Test
    void aLostPackageIsRestoredTooAndALostCopyMadeAgain() throws IOException {
        remove(first.resolve(made.path()));
        assertThat(lake.verify().warnings())
                .containsExactly("1 packages have fewer than 3 verified copies, " + made.path()
                        + " among them, and some only 2: the next `lake archive create` copies what is missing");

        lake.create(export, "ann");
        assertThat(lake.verify().warnings()).isEmpty();

        remove(lake.archive().resolve(made.path()));
        lake.restore(made.path(), Optional.empty(), folder.resolve("again"));
        assertThat(folder.resolve("again/Takeout/a.json")).exists();
    }

    @Test
    void aPlaceThatIsMissingIsToldAndThePackageMade() throws IOException {
        FolderTree.delete(second);
        Files.writeString(export.resolve("b.json"), "[]");

        CreateExportPackageJob.Report later = lake.create(export, "ann");

        assertThat(later.newlyMade()).isTrue();
        assertThat(later.warnings())
                .containsExactly("the place of copies " + second + " is out of reach: there is no such folder");
        assertThat(second).doesNotExist();
    }

    /** As `chmod -R u+w` and `rm -r`. */
    private static void remove(Path bag) throws IOException {
        for (Path folder : List.of(bag, bag.resolve("data"))) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        FolderTree.delete(bag);
    }

    private static String permissions(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
