package io.datapunk.tiering.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.FileTags;
import io.datapunk.lake.delta.KernelReader;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Sha256;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.storage.ColdCopies;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.StoreSettings;
import io.datapunk.lake.storage.Stores;
import io.datapunk.testkit.KeystoreFile;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.tiering.heat.AccessSpool;
import io.datapunk.tiering.heat.HeatJob;
import io.datapunk.tiering.heat.SimulatedAccesses;
import io.datapunk.tiering.policy.Rate;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Cold files of a dataset that is to be encrypted, from the move to the loss of a key. */
class EncryptedColdFilesTest {
    private static final PartitionName JANUARY = PartitionName.parse("user_data.activity/month=2026-01");
    private static final String SECRET = "a title that nobody else may read";
    private static final Instant BEGIN = Instant.now().truncatedTo(ChronoUnit.HOURS);

    /** Nobody can wait for the cold window: its 90 days are simulated. */
    private static final Instant NOW = BEGIN.plus(Duration.ofDays(120));

    private static final PostgresConnection POSTGRES = SharedPostgres.migratedDatabase();
    private static final Map<String, String> SMALL_MOVES_TOO = Map.of("lake.tiering.minimum-size", "0 B");

    @TempDir
    private static Path shared;

    private static LakeHome coldLake;
    private static Path keystore;

    @TempDir
    private Path folder;

    private Path disk;

    /** Going cold takes long; those that change the lake take a copy of it. */
    @BeforeAll
    static void aLakeThatWentCold() {
        keystore = KeystoreFile.write(shared.resolve("keys.p12"), "lake-cold-1", "lake-cold-2");
        coldLake = lake(shared.resolve("home"));
        append(coldLake, 1);
        goCold(coldLake, config(keystore, "lake-cold-1", Map.of()));
    }

    @BeforeEach
    void aPlaceForCopies() throws IOException {
        disk = Files.createDirectory(folder.resolve("disk"));
    }

    @Test
    void withoutEncryptionWhatIsLookedForIsThereToBeFound() throws IOException {
        LakeHome plain = lake(folder.resolve("plain"));
        append(plain, 1);

        goCold(plain, LakeConfig.load(null, Map.of(), SMALL_MOVES_TOO));

        assertThat(text(only(files(plain))))
                .startsWith("PAR1")
                .endsWith("PAR1")
                .contains(SECRET)
                .contains("event_time");
        assertThat(FileTags.key(live(plain))).isEmpty();
        assertThat(Path.of(plain.keysPath())).doesNotExist();
    }

    @Test
    void ofPagesThatWereCarriedOverNothingCanBeReadWithoutTheKeyAndEverythingWithIt() throws IOException {
        assertThat(live(coldLake).path()).startsWith("cold/").contains("-pages-");
        assertIsEncrypted(coldLake, 300);
    }

    /** Two small files become one. */
    @Test
    void ofRowsThatWereWrittenAnewNothingCanBeReadWithoutTheKeyAndEverythingWithIt() throws IOException {
        LakeHome home = lake(folder.resolve("home"));
        append(home, 2);
        RowChecksum before = rows(home, SharedSpark.session());

        goCold(home, config("lake-cold-1"));

        assertThat(live(home).path()).startsWith("cold/").contains("-rows-");
        assertIsEncrypted(home, 600);
        assertThat(rows(home, session(config("lake-cold-1")))).isEqualTo(before);
    }

    private void assertIsEncrypted(LakeHome home, long rows) throws IOException {
        assertThat(text(only(files(home))))
                .startsWith("PARE")
                .endsWith("PARE")
                .doesNotContain(SECRET)
                .doesNotContain("event_time");
        assertThat(FileTags.key(live(home)).orElseThrow()).matches("[0-9a-f]{32}");
        assertThat(live(home).rows()).isEqualTo(rows);
        assertThat(log(home)).contains("numRecords").doesNotContain(SECRET);
        assertThat(table(home, session(config("lake-cold-1")))
                        .where("title = '" + SECRET + "'")
                        .count())
                .isEqualTo(rows);
    }

    @Test
    void whoLacksTheKeyIsToldSo() {
        SparkSession foreign = SharedSpark.session();
        assertThatThrownBy(() -> rows(coldLake, foreign))
                .hasStackTraceContaining("encrypted footer. No keys available");
        assertThatThrownBy(() -> new KernelReader(coldLake, Stores.configuration(config("lake-cold-1")))
                        .checksum(JANUARY.dataset()))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("cold files of it are encrypted, and Kernel asks nobody for keys");
        SparkSession withoutKeystore = session(LakeConfig.load(null, Map.of(), Map.of()));
        assertThatThrownBy(() -> rows(coldLake, withoutKeystore))
                .hasStackTraceContaining("no master key can be had")
                .hasStackTraceContaining("spark.hadoop.lake.encryption.keystore");
        Path another = KeystoreFile.write(folder.resolve("another.p12"), "lake-cold-1");
        SparkSession withAnother = session(config(another, "lake-cold-1", Map.of()));
        assertThatThrownBy(() -> rows(coldLake, withAnother))
                .hasStackTraceContaining("is another one than that which wrapped it");
    }

    @Test
    void aMoveWithoutItsKeyFailsBeforeAnythingIsSwitched() throws IOException {
        LakeHome home = lake(folder.resolve("home"));
        append(home, 1);

        TierApplyReport report = move(home, config("lake-cold-3"), NOW);

        assertThat(report.failure()).get().satisfies(failure -> assertThat(failure)
                .hasMessageContaining("has no key 'lake-cold-3' but lake-cold-1, lake-cold-2"));
        assertThat(files(home)).isEmpty();
        assertThat(live(home).isCold()).isFalse();
    }

    @Test
    void theyAreDecryptedWhenTheyLeave() throws IOException {
        LakeHome home = copyOfTheColdLake();
        LakeConfig config = config("lake-cold-1");
        RowChecksum before = rows(home, session(config));
        Instant later = NOW.plus(Duration.ofDays(2));
        SimulatedAccesses accesses = new SimulatedAccesses(1);
        accesses.read(JANUARY, Rate.perDay(6), later.minus(Duration.ofDays(1)), later);
        new AccessSpool(home.spool()).write(accesses.lines());

        assertThat(move(home, config, later).failure()).isEmpty();

        assertThat(live(home).isCold()).isFalse();
        assertThat(FileTags.key(live(home))).isEmpty();
        assertThat(text(path(home, live(home)))).startsWith("PAR1").endsWith("PAR1");
        assertThat(rows(home, SharedSpark.session())).isEqualTo(before);
    }

    @Test
    void keysAreRotatedInTheLakeAndInItsCopiesAndFilesStayAsTheyAre() throws IOException {
        LakeHome home = copyOfTheColdLake();
        RowChecksum before = rows(home, session(config("lake-cold-1")));
        ColdCopyJob.of(config("lake-cold-1"), home).run(Progress.NONE);
        Map<String, String> filesBefore = hashes(Path.of(home.tablesPath()));
        Path copy = disk.resolve("user_data/activity/2026/01")
                .resolve(only(files(home)).getFileName());
        assertThat(copy).hasSameBinaryContentAs(only(files(home)));
        String key = FileTags.key(live(home)).orElseThrow();
        assertThat(keys(Path.of(home.root()))).containsExactly(key + ".000001.json");
        assertThat(keys(disk)).containsExactly(key + ".000001.json", key + ".000001.json.sha256");

        RotateKeysJob rotation = new RotateKeysJob(config("lake-cold-2"), home);
        assertThat(rotation.run(NOW, true).keys())
                .containsExactly(
                        new RotateKeysJob.Key(KeyOwner.of(JANUARY.dataset()), key, "lake-cold-1", "lake-cold-2"));
        assertThat(keys(disk)).as("after a dry run").contains(key + ".000001.json");
        assertThat(rotation.run(NOW, false).problems()).isEmpty();

        assertThat(rotation.run(NOW, false).keys()).as("due once more").isEmpty();
        assertThat(hashes(Path.of(home.tablesPath()))).isEqualTo(filesBefore);
        assertThat(keys(Path.of(home.root()))).containsExactly(key + ".000002.json");
        assertThat(keys(disk)).containsExactly(key + ".000002.json", key + ".000002.json.sha256");
        assertThat(Files.readString(home.audit().resolve("log.ndjson")))
                .contains("key.make", "key.rotate", "user_data.activity/" + key, "lake-cold-1", "lake-cold-2");
        Path newOnly = KeystoreFile.without("lake-cold-1", keystore, folder.resolve("new.p12"));
        assertThat(rows(home, session(config(newOnly, "lake-cold-2", Map.of()))))
                .isEqualTo(before);
        Path oldOnly = KeystoreFile.without("lake-cold-2", keystore, folder.resolve("old.p12"));
        assertThatThrownBy(() -> rows(home, session(config(oldOnly, "lake-cold-1", Map.of()))))
                .hasStackTraceContaining("cannot be had from the master key 'lake-cold-2'");
    }

    @Test
    void aRotationWithoutTheOldKeyChangesNothing() throws IOException {
        LakeHome home = copyOfTheColdLake();
        List<String> before = keys(Path.of(home.root()));
        Path newOnly = KeystoreFile.without("lake-cold-1", keystore, folder.resolve("new.p12"));
        LakeConfig without = config(newOnly, "lake-cold-2", Map.of());

        assertThatThrownBy(() -> new RotateKeysJob(without, home).run(NOW, false))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("cannot be had from the master key 'lake-cold-1'")
                .hasMessageContaining("put that master key back from its backup");
        assertThat(keys(Path.of(home.root()))).isEqualTo(before);
    }

    /** The lake is lost, and one of the places of copies is left. */
    @Test
    void aCopyWithItsKeysCanBeReadWhereverItLies() throws IOException {
        ColdCopyJob.of(config("lake-cold-1"), copyOfTheColdLake()).run(Progress.NONE);
        String copies = disk.resolve("user_data/activity/2026/01") + "/*.parquet";

        SparkSession session = session(config("lake-cold-1"));
        assertThatThrownBy(() -> session.read().parquet(copies).count())
                .hasStackTraceContaining("set spark.hadoop.lake.encryption.keys");
        session.conf().set("lake.encryption.keys", disk.resolve("keys").toString());

        assertThat(session.read()
                        .parquet(copies)
                        .where("title = '" + SECRET + "'")
                        .count())
                .isEqualTo(300);
    }

    @Test
    void aPlaceOfCopiesWithoutKeysIsTold() throws IOException {
        LakeHome home = copyOfTheColdLake();
        LakeConfig config = config("lake-cold-1");
        ColdCopyJob.of(config, home).run(Progress.NONE);
        List<PartitionFiles> partitions =
                new TableLog(home).snapshot(JANUARY.dataset()).orElseThrow().partitions();
        assertThat(ColdCopies.of(config, home).find(partitions).problems()).isEmpty();

        FolderTree.delete(disk.resolve("keys"));

        assertThat(ColdCopies.of(config, home).find(partitions).problems())
                .singleElement()
                .satisfies(problem -> assertThat(problem.problem())
                        .isEqualTo("1 of the keys of encrypted files have no copy in " + disk));
    }

    private LakeConfig config(String masterKey) {
        return config(keystore, masterKey, Map.of("lake.storage.cold.locations", disk.toString()));
    }

    private static LakeConfig config(Path keys, String masterKey, Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(SMALL_MOVES_TOO);
        settings.putAll(more);
        settings.put("lake.storage.encryption.keystore", keys.toString());
        settings.put("lake.tiering.cold.master-key", masterKey);
        settings.put("lake.datasets.\"user_data.activity\".tiering.cold.encrypted", "true");
        return LakeConfig.load(
                null, Map.of("LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD", KeystoreFile.PASSWORD), settings);
    }

    private static LakeHome lake(Path folder) {
        LakeHome lake = new LakeHome(folder.toString(), folder);
        DeltaTables.ensure(SharedSpark.session(), lake, ActivityTable.DEFINITION);
        return lake;
    }

    private LakeHome copyOfTheColdLake() throws IOException {
        Path from = Path.of(coldLake.root());
        Path to = folder.resolve("home");
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
        return new LakeHome(to.toString(), to);
    }

    /** As the lake opens one, and as anybody may set up one of their own. */
    private static SparkSession session(LakeConfig config) {
        SparkSession session = SharedSpark.session();
        StoreSettings.of(config).forEach(session.conf()::set);
        return session;
    }

    private static void append(LakeHome lake, int files) {
        for (int file = 0; file < files; file++) {
            ActivityRows.append(SharedSpark.session(), lake, "2026-01", 300, "'" + SECRET + "'");
        }
    }

    private static void goCold(LakeHome lake, LakeConfig config) {
        assertThat(move(lake, config, NOW).failure()).isEmpty();
        assertThat(live(lake).isCold()).isTrue();
    }

    private static TierApplyReport move(LakeHome lake, LakeConfig config, Instant now) {
        SparkSession spark = session(config);
        new HeatJob(spark, lake, Duration.ofDays(90)).run(BEGIN, Progress.NONE);
        new HeatJob(spark, lake, Duration.ofDays(90)).run(now, Progress.NONE);
        return TierApplyJob.of(config, lake, () -> spark, POSTGRES, Progress.NONE)
                .run(now);
    }

    private static Dataset<Row> table(LakeHome lake, SparkSession spark) {
        return spark.read().format("delta").load(lake.tablePath(JANUARY.dataset()));
    }

    private static RowChecksum rows(LakeHome lake, SparkSession spark) {
        return DeltaChecksum.of(table(lake, spark));
    }

    private static DataFile live(LakeHome lake) {
        return only(new TableLog(lake)
                .snapshot(JANUARY.dataset())
                .flatMap(snapshot -> snapshot.partition(JANUARY))
                .orElseThrow()
                .files());
    }

    private static Path path(LakeHome lake, DataFile file) {
        return Path.of(lake.tablePath(JANUARY.dataset())).resolve(file.path());
    }

    /** The cold files of a lake. */
    private static List<Path> files(LakeHome lake) throws IOException {
        Path cold = Path.of(lake.tablePath(JANUARY.dataset())).resolve("cold");
        return Files.exists(cold) ? parquet(cold) : List.of();
    }

    private static List<Path> parquet(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }

    private static Map<String, String> hashes(Path root) throws IOException {
        Map<String, String> hashes = new TreeMap<>();
        for (Path file : parquet(root)) {
            hashes.put(root.relativize(file).toString(), Sha256.hex(Files.readAllBytes(file)));
        }
        return hashes;
    }

    private static List<String> keys(Path place) throws IOException {
        try (Stream<Path> files = Files.list(place.resolve("keys/user_data.activity"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** All that Delta wrote down about the table. */
    private static String log(LakeHome lake) throws IOException {
        StringBuilder log = new StringBuilder();
        try (Stream<Path> files =
                Files.list(Path.of(lake.tablePath(JANUARY.dataset())).resolve("_delta_log"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                log.append(text(file));
            }
        }
        return log.toString();
    }

    private static String text(Path file) throws IOException {
        return Files.readString(file, StandardCharsets.ISO_8859_1);
    }

    private static <T> T only(List<T> all) {
        assertThat(all).hasSize(1);
        return all.get(0);
    }
}
