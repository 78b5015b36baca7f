package io.datapunk.archive.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import gov.loc.repository.bagit.reader.BagReader;
import gov.loc.repository.bagit.verify.BagVerifier;
import io.datapunk.archive.bag.Damage;
import io.datapunk.archive.restore.RestorePackageJob;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.encryption.KeyRotation;
import io.datapunk.lake.encryption.Keyring;
import io.datapunk.lake.encryption.MasterKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.Stores;
import io.datapunk.testkit.KeystoreFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SortedMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An export goes into a package and comes out again. */
class ExportPackagesTest {
    private static final String SECRET = "what nobody else may read";

    @TempDir
    private static Path shared;

    private static Path export;
    private static ArchiveFixture empty;
    private static ArchiveFixture archived;
    private static CreateExportPackageJob.Report made;

    @TempDir
    private Path folder;

    @BeforeAll
    static void anExportAndItsPackage() throws IOException {
        export = shared.resolve("Takeout");
        write(
                export.resolve("My Activity/Search/MyActivity.json"),
                ("[" + "{\"title\":\"" + SECRET + "\"},".repeat(20_000) + "{}]").getBytes(StandardCharsets.UTF_8));
        write(export.resolve("Photos/a.jpg"), noise(1, 6_000_000));
        write(export.resolve("Photos/a.jpg.json"), "{\"title\":\"a.jpg\"}".getBytes(StandardCharsets.UTF_8));
        write(export.resolve("Photos/copy of a.jpg"), noise(1, 6_000_000));
        write(export.resolve("Photos/ä ö#1.jpg"), noise(2, 300_000));
        write(export.resolve("empty.txt"), new byte[0]);
        empty = new ArchiveFixture(Files.createDirectory(shared.resolve("empty")));
        archived = empty.copy(shared.resolve("archived"));
        made = archived.create(export, "ann");
    }

    @Test
    void whatComesOutIsWhatWentIn() {
        assertThat(made.path()).startsWith("2026/11/gdpr/export/20261126T060500Z-");
        assertThat(made.newlyMade()).isTrue();
        assertThat(made.userId()).isEqualTo(ArchiveFixture.ANN);
        assertThat(made.entries()).isEqualTo(6);
        assertThat(made.unreadable()).isEmpty();
        assertThat(archived.verify().damages()).isEmpty();

        RestorePackageJob.Report restored = archived.restore(made.path(), Optional.empty(), folder.resolve("again"));

        assertThat(restored.entries()).isEqualTo(6);
        assertSame(folder.resolve("again/Takeout"), export);
    }

    @Test
    void theSameContentIsStoredOnce() {
        long photos = 6_000_000 + 300_000;
        assertThat(made.bytes()).isGreaterThan(2 * 6_000_000);
        assertThat(made.newBytes()).isBetween(photos, photos + 1_000_000);
        assertThat(made.storedBytes()).isBetween(photos, photos + 100_000);
    }

    @Test
    void theSameExportAgainMakesNoPackage() {
        ArchiveFixture lake = archived.copy(folder.resolve("lake"));
        SortedMap<String, byte[]> before = ArchiveFixture.files(lake.archive());

        CreateExportPackageJob.Report again = lake.create(export, "ann");

        assertThat(again.newlyMade()).isFalse();
        assertThat(again.path()).isEqualTo(made.path());
        assertThat(ArchiveFixture.files(lake.archive()).keySet()).isEqualTo(before.keySet());
        assertThat(lake.sql("SELECT package_id FROM archive.packages")).hasSize(1);
        assertThat(lake.sql("SELECT entry FROM archive.contents")).hasSize(6);
    }

    @Test
    void aLaterExportStoresOnlyWhatIsNew() throws Exception {
        ArchiveFixture lake = archived.copy(folder.resolve("lake"));
        Path later = folder.resolve("Takeout");
        for (Map.Entry<String, byte[]> file : ArchiveFixture.files(export).entrySet()) {
            write(later.resolve(file.getKey()), file.getValue());
        }
        write(later.resolve("Photos/b.jpg"), noise(3, 200_000));

        CreateExportPackageJob.Report second = lake.create(later, "ann");

        assertThat(second.newlyMade()).isTrue();
        assertThat(second.newBytes()).isEqualTo(200_000);
        Path bag = lake.archive().resolve(second.path());
        assertThat(Files.readString(bag.resolve("fetch.txt")))
                .contains(lake.archive().resolve(made.path()).toUri().getPath() + "data/");
        assertThat(lake.verify().damages()).isEmpty();
        lake.restore(second.path(), Optional.empty(), folder.resolve("again"));
        assertSame(folder.resolve("again/Takeout"), later);
    }

    @Test
    void personsShareNothing() {
        ArchiveFixture lake = archived.copy(folder.resolve("lake"));

        CreateExportPackageJob.Report bobs = lake.create(export, "bob");

        assertThat(bobs.newBytes()).isGreaterThan(6_000_000);
        assertThat(Files.exists(lake.archive().resolve(bobs.path()).resolve("fetch.txt")))
                .isFalse();
    }

    @Test
    void sqlFindsWhatIsArchived() {
        List<Row> contents = archived.sql(
                "SELECT user_id, entry, bytes FROM archive.contents WHERE entry LIKE '%a.jpg'" + " ORDER BY entry");
        assertThat(contents)
                .extracting(row -> row.getString(0), row -> row.getString(1), row -> row.getLong(2))
                .containsExactly(
                        tuple(ArchiveFixture.ANN, "Takeout/Photos/a.jpg", 6_000_000L),
                        tuple(ArchiveFixture.ANN, "Takeout/Photos/copy of a.jpg", 6_000_000L));
        Row row = archived.sql("SELECT path, category, source, entries, bytes, reason FROM archive.packages"
                        + " JOIN archive.reasons USING (package_id)")
                .get(0);
        assertThat(row.getString(0)).isEqualTo(made.path());
        assertThat(row.getString(1)).isEqualTo("gdpr");
        assertThat(row.getString(2)).isEqualTo("export");
        assertThat(row.getLong(3)).isEqualTo(6);
        assertThat(row.getLong(4)).isEqualTo(made.bytes());
        assertThat(row.getString(5)).isEqualTo("a test");
    }

    @Test
    void anIndependentReaderTakesThePackageForAValidBag() throws Exception {
        try (BagVerifier verifier = new BagVerifier()) {
            verifier.isValid(new BagReader().read(archived.archive().resolve(made.path())), false);
        }
    }

    @Test
    void nothingOfItCanBeReadWithoutTheKey() {
        ArchiveFixture.files(archived.archive())
                .forEach((file, bytes) -> assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                        .as(file)
                        .doesNotContain(SECRET)
                        .doesNotContain("MyActivity")
                        .doesNotContain("a.jpg"));
    }

    @Test
    void aNewMasterKeyChangesNoPackage() {
        ArchiveFixture lake = archived.copy(folder.resolve("lake"));
        SortedMap<String, byte[]> before = ArchiveFixture.files(lake.archive());
        Configuration stores = Stores.configuration(lake.config);
        KeyRotation rotation = new KeyRotation(new Keyring(lake.home.keysPath(), stores), owner -> "lake-archive-2");

        rotation.run(rotation.due(), MasterKeys.of(stores), (key, masterKey) -> {});

        assertThat(rotation.due()).isEmpty();
        ArchiveFixture later = lake.with(Map.of(
                "lake.storage.encryption.keystore",
                KeystoreFile.without("lake-archive-1", lake.folder.resolve("keys.p12"), folder.resolve("later.p12"))
                        .toString()));
        assertThat(later.verify().damages()).isEmpty();
        ArchiveFixture.files(lake.archive())
                .forEach((file, bytes) -> assertThat(bytes).as(file).isEqualTo(before.get(file)));
    }

    @Test
    void withoutItsMasterKeyNothingIsMade() {
        ArchiveFixture other = empty.with(Map.of("lake.archive.master-key", "missing"));

        assertThatThrownBy(() -> other.create(export, "ann"))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("the master key 'missing' cannot be used");
        assertThat(empty.archive()).doesNotExist();
    }

    @Test
    void entriesThatCannotBeReadAreToldAndTheOthersArchived() throws IOException {
        ArchiveFixture lake = empty.copy(folder.resolve("lake"));
        Path zip = folder.resolve("takeout-1.zip");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (String name : List.of("good.bin", "bad.bin", "../evil.txt")) {
                out.putNextEntry(new ZipEntry(name));
                out.write(noise(name.hashCode(), 50_000));
            }
        }
        byte[] bytes = Files.readAllBytes(zip);
        bytes[75_000] ^= 1;
        Files.write(zip, bytes);

        CreateExportPackageJob.Report made = lake.create(zip, "ann");

        assertThat(made.entries()).isEqualTo(1);
        assertThat(made.unreadable()).containsOnlyKeys("takeout-1.zip/bad.bin", "takeout-1.zip/../evil.txt");
        lake.restore(made.path(), Optional.empty(), folder.resolve("again"));
        assertThat(folder.resolve("again/takeout-1.zip/good.bin"))
                .hasBinaryContent(noise("good.bin".hashCode(), 50_000));
    }

    @Test
    void someEntriesAreRestoredByName() throws IOException {
        archived.restore(made.path(), Optional.of("**.json"), folder.resolve("some"));

        assertThat(ArchiveFixture.files(folder.resolve("some")).keySet())
                .containsExactly("Takeout/My Activity/Search/MyActivity.json", "Takeout/Photos/a.jpg.json");
        assertThatThrownBy(() -> archived.restore(made.path(), Optional.of("*.mp3"), folder.resolve("none")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("matches '*.mp3'");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void aRestoreWritesOverNothing() throws IOException {
        assertThatThrownBy(() -> archived.restore(made.path(), Optional.empty(), export))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("it is there already");
        assertThatThrownBy(() -> archived.restore("20200101T000000Z-00000000", Optional.empty(), folder.resolve("x")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("there is no package '20200101T000000Z-00000000'");
    }

    @Test
    void aDamagedSegmentIsNeverRestoredAsIfItWereRight() throws IOException {
        ArchiveFixture lake = archived.copy(folder.resolve("lake"));
        Path pack = firstPack(lake);
        byte[] bytes = Files.readAllBytes(pack);
        bytes[bytes.length / 2] ^= 1;
        Files.write(pack, bytes);

        assertThatThrownBy(() -> lake.restore(made.path(), Optional.empty(), folder.resolve("again")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining(pack.getFileName().toString());
        assertThat(folder.resolve("again")).doesNotExist();
    }

    @Test
    void whatAnUnfinishedRunHasLeftIsNoPackageAndGoes() throws IOException {
        ArchiveFixture lake = archived.copy(folder.resolve("lake"));
        Path bag = lake.archive().resolve(made.path());
        Files.delete(bag.resolve("tagmanifest-sha256.txt"));
        FolderTree.delete(folder.resolve("lake/home/tables/archive"));
        FolderTree.delete(lake.home.audit());

        assertThat(lake.verify().packages()).isEmpty();
        CreateExportPackageJob.Report again = lake.create(export, "ann");

        assertThat(again.newlyMade()).isTrue();
        assertThat(again.path()).isNotEqualTo(made.path());
        assertThat(bag).doesNotExist();
        assertThat(lake.verify().damages()).isEmpty();
        assertThat(lake.sql("SELECT path FROM archive.packages"))
                .extracting(row -> row.getString(0))
                .containsExactly(again.path());
    }

    @Test
    void aPackageThatIsTakenAwayIsMissed() throws IOException {
        ArchiveFixture lake = archived.copy(folder.resolve("lake"));
        Path bag = lake.archive().resolve(made.path());

        FolderTree.delete(bag);

        assertThat(lake.verify().damages())
                .extracting(Damage::toString)
                .containsExactly(made.path() + "/tagmanifest-sha256.txt, byte 0: the file is missing, and with it the"
                        + " package");
    }

    /** As after a kill between the package's last file and the tables. */
    @Test
    void aPackageThatTheTablesLackIsAddedByTheNextRun() throws IOException {
        ArchiveFixture lake = archived.copy(folder.resolve("lake"));
        FolderTree.delete(folder.resolve("lake/home/tables/archive"));

        lake.create(export, "ann");

        assertThat(lake.sql("SELECT path FROM archive.packages"))
                .extracting(row -> row.getString(0))
                .containsExactly(made.path());
        assertThat(lake.sql("SELECT entry FROM archive.contents")).hasSize(6);
    }

    @Test
    void whatIsArchivedAndRestoredStandsInTheAuditLog() throws IOException {
        archived.restore(made.path(), Optional.empty(), folder.resolve("again"));
        archived.verify();

        assertThat(AuditLog.of(archived.config, archived.home).verify().intact())
                .isTrue();
        assertThat(Files.readString(archived.home.audit().resolve("log.ndjson")))
                .contains("\"action\":\"archive.create\",\"subject\":\"" + made.path() + "\"")
                .contains("\"action\":\"archive.restore\",\"subject\":\"" + made.path() + "\"")
                .contains("\"action\":\"key.make\",\"subject\":\"person-" + ArchiveFixture.ANN + "/")
                .contains("\"action\":\"key.use\",\"subject\":\"" + made.path()
                        + "\",\"details\":{\"packages\":\"1\",\"purpose\":\"restore\"}")
                .contains("\"action\":\"key.use\",\"subject\":\"all packages\",\"details\":{\"packages\":\"1\","
                        + "\"purpose\":\"verify\"}")
                .doesNotContain("ann\"");
    }

    /** It stands in plain text in a package, which nothing changes when somebody in it is erased. */
    @Test
    void aReasonThatNamesSomebodyIsRefused() {
        for (String reason : List.of("case 12, Ann's", "of " + ArchiveFixture.BOB)) {
            assertThatThrownBy(() -> new CreateExportPackageJob(empty.spark, empty.config, empty.home)
                            .run(
                                    new CreateExportPackageJob.Request(
                                            List.of(export), "ann", "gdpr", reason, ArchiveFixture.NOW),
                                    Progress.NONE))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("its reason names a person of the lake");
        }
        assertThat(empty.archive()).doesNotExist();
    }

    @Test
    void whoIsUnknownHasNoKey() {
        assertThatThrownBy(() -> empty.create(export, "carol"))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("the lake has no user 'carol'");
        assertThat(empty.archive()).doesNotExist();
    }

    private static Path firstPack(ArchiveFixture lake) throws IOException {
        return ArchiveFixture.files(lake.archive().resolve(made.path())).keySet().stream()
                .filter(file -> file.endsWith(".pack"))
                .findFirst()
                .map(lake.archive().resolve(made.path())::resolve)
                .orElseThrow();
    }

    private static void assertSame(Path found, Path expected) {
        SortedMap<String, byte[]> files = ArchiveFixture.files(expected);
        SortedMap<String, byte[]> restored = ArchiveFixture.files(found);
        assertThat(restored.keySet()).isEqualTo(files.keySet());
        files.forEach((file, bytes) -> assertThat(restored.get(file)).as(file).isEqualTo(bytes));
    }

    private static void write(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    private static byte[] noise(long seed, int length) {
        byte[] noise = new byte[length];
        new Random(seed).nextBytes(noise);
        return noise;
    }
}
