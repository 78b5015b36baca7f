package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.testkit.KeystoreFile;
import io.datapunk.testkit.SharedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A rotation of keys that is killed leaves every key with a master key that opens it, and the next one ends it. */
@Tag("full")
class KilledRotationTest {
    private static final int KILLS = Integer.getInteger("lake.test.kills", 1);

    /** Each has a key, so that there is time to kill a rotation in. */
    private static final int VISITORS = 120;

    private static final int LONGEST_DELAY_MILLIS = 100;
    private static final String ROWS =
            "SELECT month, count(*), bit_xor(xxhash64(*)) FROM user_data.activity GROUP BY month";
    private static final String KEY_FILE = "[0-9a-f]{32}[.][0-9]{6}[.]json";

    @TempDir
    private static Path folder;

    private static PostgresConnection database;
    private static String rows;
    private static SortedMap<String, String> data;

    @BeforeAll
    static void packagesColdFilesAndBackupsUnderOneMasterKey() throws Exception {
        database = SharedPostgres.migratedDatabase();
        KeystoreFile.write(
                keystore(),
                IntStream.rangeClosed(0, KILLS)
                        .mapToObj(KilledRotationTest::master)
                        .toArray(String[]::new));
        Files.createDirectory(folder.resolve("backups"));
        Files.createDirectory(folder.resolve("copies"));
        Path export =
                new Exports(folder).zip("ann.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("lakes", "punk")));
        List<LakeCommands.Ended> made = run(
                environment(0, keystore()),
                CommandSequence.command("ingest", export.toString(), "--user", "ann"),
                CommandSequence.command("tier", "pin", "user_data.activity/month=2024-05", "--tier", "cold"),
                CommandSequence.command("tier", "apply"),
                CommandSequence.command("archive", "create", export.toString(), "--user", "ann"),
                CommandSequence.command(
                        "sql",
                        "CREATE TABLE delta.`" + home().resolve("tables/shop/visits") + "` USING delta"
                                + " PARTITIONED BY (month) AS SELECT md5(string(id)) AS user_id, '2024-05' AS month, id"
                                + " FROM range(" + VISITORS + ")"),
                CommandSequence.command("archive", "create", "--partition", "shop.visits/month=2024-05"),
                CommandSequence.command("backup", "create"),
                CommandSequence.command("sql", ROWS));
        rows = made.get(made.size() - 1).result().get("rows").toString();
        data = dataFiles();
        assertThat(data.keySet())
                .anyMatch(file -> file.contains("/cold/") && isEncrypted(folder.resolve(file)))
                .anyMatch(file -> file.endsWith(".pack"))
                .anyMatch(file -> file.startsWith("backups/objects/"));
        assertThat(keys(home().resolve("keys"))).hasSizeGreaterThan(VISITORS);
    }

    /** {@code -Dlake.test.kills=20} kills more often. */
    static IntStream rotations() {
        return IntStream.rangeClosed(1, KILLS);
    }

    @ParameterizedTest
    @MethodSource("rotations")
    void everyKeyOpensAndNoDataFileIsWrittenAnew(int rotation) throws Exception {
        Map<String, String> bothKeys = environment(rotation, keystore());
        SortedSet<String> before = keys(home().resolve("keys"));
        rotateAndKill(bothKeys, 1 + new Random().nextInt(before.size()));

        List<LakeCommands.Ended> rerun = run(
                bothKeys,
                CommandSequence.command("archive", "verify"),
                CommandSequence.command("tier", "rotate-keys"),
                CommandSequence.command("tier", "rotate-keys"));

        assertThat(rerun.get(2).result().get("keys")).isEmpty();
        List<LakeCommands.Ended> underTheNewKey = run(
                environment(rotation, keystoreWithOnly(rotation)),
                CommandSequence.command("archive", "verify"),
                CommandSequence.command("backup", "verify"),
                CommandSequence.command("archive", "audit", "--verify"),
                CommandSequence.command("sql", ROWS),
                CommandSequence.command("doctor", "--deep"));
        assertThat(underTheNewKey.get(3).result().get("rows")).hasToString(rows);
        assertThat(dataFiles()).isEqualTo(data);
        assertThat(keys(home().resolve("keys")))
                .hasSameSizeAs(before)
                .isEqualTo(keys(folder.resolve("backups/keys/home")))
                .doesNotContainAnyElementsOf(before);
    }

    /** Some time after it has begun with so many keys. */
    private static void rotateAndKill(Map<String, String> environment, int begun) throws Exception {
        LakeCommands lake = new LakeCommands(home(), environment);
        try (LakeWatch watch = new LakeWatch(home());
                LakeProcess rotating = LakeProcess.start(lake, "tier", "rotate-keys")) {
            while (rotating.isAlive() && watch.audited("key.rotate") < begun) {
                // Nothing tells a bystander: it has to look again and again.
                Thread.sleep(1);
            }
            Thread.sleep(new Random().nextInt(LONGEST_DELAY_MILLIS));
            rotating.kill();
        }
    }

    /** Commands that have to succeed, in one process. */
    private static List<LakeCommands.Ended> run(Map<String, String> environment, String... commands) throws Exception {
        List<LakeCommands.Ended> ended = CommandSequence.run(
                List.of(),
                CommandSequence.class,
                environment,
                Stream.of(commands)
                        .map(command -> CommandSequence.command(command, "--json", "--lake", home().toString()))
                        .toList());
        for (int i = 0; i < commands.length; i++) {
            assertThat(ended.get(i).exitCode())
                    .as(
                            "%s: %s%s",
                            commands[i], ended.get(i).out(), ended.get(i).err())
                    .isZero();
        }
        return ended;
    }

    private static Map<String, String> environment(int rotation, Path keystore) {
        Map<String, String> environment = new HashMap<>();
        environment.put("LAKE_POSTGRES_URL", database.url());
        environment.put("LAKE_POSTGRES_USER", database.user());
        environment.put("LAKE_POSTGRES_PASSWORD", database.password().get());
        environment.put("LAKE_TIERING_MINIMUM_SIZE", "0 B");
        environment.put("LAKE_TIERING_COLD_ENCRYPTED", "true");
        environment.put("LAKE_BACKUP_LOCATIONS", folder.resolve("backups").toString());
        environment.put("LAKE_STORAGE_COLD_LOCATIONS", folder.resolve("copies").toString());
        environment.put("LAKE_STORAGE_ENCRYPTION_KEYSTORE", keystore.toString());
        environment.put("LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD", KeystoreFile.PASSWORD);
        // At the level of partitions each visitor's segment would take longer than all the rest.
        environment.put("LAKE_ARCHIVE_PARTITION_LEVEL", "1");
        for (String keys : List.of("ARCHIVE", "BACKUP", "TIERING_COLD", "AUDIT")) {
            environment.put("LAKE_" + keys + "_MASTER_KEY", master(rotation));
        }
        return environment;
    }

    private static String master(int rotation) {
        return "master-" + rotation;
    }

    private static Path keystore() {
        return folder.resolve("keys.p12");
    }

    private static Path keystoreWithOnly(int rotation) {
        Path only = folder.resolve("only-" + rotation + ".p12");
        Path from = keystore();
        for (int other = 0; other <= KILLS; other++) {
            if (other != rotation) {
                from = KeystoreFile.without(master(other), from, only);
            }
        }
        return only;
    }

    private static Path home() {
        return folder.resolve("home");
    }

    /** What nothing writes anew without its being seen: size, time and file of all that tables, packages and backups hold. */
    private static SortedMap<String, String> dataFiles() throws IOException {
        SortedMap<String, String> found = new TreeMap<>();
        for (String place : List.of("home/tables", "home/archive", "backups/objects", "backups/points")) {
            try (Stream<Path> files = Files.walk(folder.resolve(place))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
                    found.put(
                            folder.relativize(file).toString(),
                            attributes.size() + " " + attributes.lastModifiedTime() + " " + attributes.fileKey());
                }
            }
        }
        return found;
    }

    /** The files of keys, by owner, key and generation. */
    private static SortedSet<String> keys(Path keyring) throws IOException {
        try (Stream<Path> files = Files.walk(keyring)) {
            return new TreeSet<>(
                    files.filter(file -> file.getFileName().toString().matches(KEY_FILE))
                            .map(file -> keyring.relativize(file).toString())
                            .toList());
        }
    }

    private static boolean isEncrypted(Path parquet) {
        try {
            byte[] bytes = Files.readAllBytes(parquet);
            return new String(bytes, bytes.length - 4, 4, StandardCharsets.US_ASCII).equals("PARE");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
