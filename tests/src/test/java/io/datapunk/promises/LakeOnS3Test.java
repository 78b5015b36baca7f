package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.testkit.KeystoreFile;
import io.datapunk.testkit.SharedS3;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A whole lake on S3: what an import brings in is read, moved and found, and only what has to be local is local. */
@Tag("full")
class LakeOnS3Test {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String BUCKET = SharedS3.bucket();
    private static final String BACKUPS = "s3a://" + SharedS3.bucket() + "/backups";
    private static final String LAKE = "s3a://" + BUCKET + "/lakes/home";
    private static final String LATER = "2031-01-01T00:00:00Z";

    @TempDir
    static Path folder;

    private static final Map<String, JsonNode> ended = new TreeMap<>();

    @BeforeAll
    static void anImportGoesColdAndIsAskedAgain() throws Exception {
        Path export = new Exports(folder).zip("takeout.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("a", "b")));
        Files.createDirectory(disk());
        KeystoreFile.write(keystore(), "lake-cold-1", "lake-cold-2", "lake-backup-1");
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put("ingest", List.of("ingest", export.toString(), "--user", "ann"));
        commands.put("again", List.of("ingest", export.toString(), "--user", "ann"));
        commands.put("heat", List.of("heat"));
        commands.put("heat later", List.of("heat", "--now", LATER));
        commands.put("plan", List.of("tier", "plan", "--now", LATER));
        commands.put("apply", List.of("tier", "apply", "--now", LATER));
        commands.put("reclaim", List.of("tier", "reclaim"));
        commands.put("status", List.of("tier", "status", "--now", LATER));
        commands.put("tables", List.of("tables"));
        commands.put("sql", List.of("sql", "select title from user_data.activity order by title"));
        commands.put("doctor", List.of("doctor"));
        run(commands);
        // A command of its own, as for a user: a recorder writes at the latest when its process ends.
        Map<String, List<String>> afterwards = new LinkedHashMap<>();
        afterwards.put("heat after", List.of("heat"));
        run(afterwards);
        // Later the owner has a new master key, and gives the old one up.
        run(environment("lake-cold-2", keystore()), Map.of("rotate keys", List.of("tier", "rotate-keys")), true);
        Path rotated = KeystoreFile.without("lake-cold-1", keystore(), folder.resolve("rotated.p12"));
        Map<String, List<String>> last = new LinkedHashMap<>();
        last.put("sql with the new key", List.of("sql", "select title from user_data.activity order by title"));
        last.put("doctor with the new key", List.of("doctor"));
        last.put("deep doctor", List.of("doctor", "--deep"));
        last.put("backup", List.of("backup", "create"));
        last.put("backup again", List.of("backup", "create"));
        last.put("verify backup", List.of("backup", "verify"));
        last.put("restore", List.of("backup", "restore", "--to", restored().toString()));
        last.put(
                "sql restored",
                List.of(
                        "sql",
                        "select title from user_data.activity order by title",
                        "--lake",
                        restored().toString()));
        last.put("down", List.of("down"));
        run(environment("lake-cold-2", rotated), last, true);
        Path lost = folder.resolve("lost.p12");
        Map<String, List<String>> withoutAKey = new LinkedHashMap<>();
        withoutAKey.put("doctor without a key", List.of("doctor"));
        withoutAKey.put("sql without a key", List.of("sql", "select title from user_data.activity"));
        run(environment("lake-cold-2", lost), withoutAKey, false);
    }

    private static Path keystore() {
        return folder.resolve("keys.p12");
    }

    /** A further place for cold files. */
    private static Path disk() {
        return folder.resolve("disk");
    }

    /** A lake on this machine, from a restore point on S3. */
    private static Path restored() {
        return folder.resolve("restored");
    }

    private static void run(Map<String, List<String>> commands) throws Exception {
        run(environment("lake-cold-1", keystore()), commands, true);
    }

    private static void run(Map<String, String> environment, Map<String, List<String>> commands, boolean succeeds)
            throws Exception {
        List<String> arguments = commands.values().stream()
                .map(words -> Stream.concat(
                                words.stream(),
                                words.contains("--lake") ? Stream.of("--json") : Stream.of("--json", "--lake", LAKE))
                        .toList())
                .map(CommandSequence::command)
                .toList();
        try (LakeProcess process = LakeProcess.start(List.of(), CommandSequence.class, environment, arguments)) {
            LakeCommands.Ended all = process.await();
            List<String> lines = all.out().lines().toList();
            assertThat(lines).as(all.err()).hasSameSizeAs(commands.keySet());
            int line = 0;
            for (String command : commands.keySet()) {
                JsonNode printed = JSON.readTree(lines.get(line++));
                assertThat(printed.get("exit_code").asInt() == 0)
                        .as("%s printed %s", command, printed.toPrettyString())
                        .isEqualTo(succeeds);
                ended.put(command, JSON.readTree(printed.get("out").asText()));
            }
        }
    }

    private static Map<String, String> environment(String masterKey, Path keystore) {
        Map<String, String> environment = new HashMap<>();
        environment.put("LAKE_LOCAL_HOME", folder.resolve("local").toString());
        environment.put("LAKE_STORAGE_S3_ENDPOINT", SharedS3.endpoint().toString());
        environment.put("LAKE_STORAGE_S3_REGION", SharedS3.REGION);
        environment.put("LAKE_STORAGE_S3_PATH_STYLE_ACCESS", "true");
        environment.put("LAKE_STORAGE_S3_ACCESS_KEY", SharedS3.ACCESS_KEY);
        environment.put("LAKE_STORAGE_S3_SECRET_KEY", SharedS3.SECRET_KEY);
        environment.put("LAKE_STORAGE_COLD_STORAGE_CLASS", "STANDARD_IA");
        environment.put("LAKE_STORAGE_COLD_LOCATIONS", disk().toString());
        environment.put("LAKE_STORAGE_ENCRYPTION_KEYSTORE", keystore.toString());
        environment.put("LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD", KeystoreFile.PASSWORD);
        environment.put("LAKE_BACKUP_LOCATIONS", BACKUPS);
        environment.put("LAKE_TIERING_COLD_ENCRYPTED", "true");
        environment.put("LAKE_TIERING_COLD_MASTER_KEY", masterKey);
        environment.put("LAKE_TIERING_MINIMUM_SIZE", "0 B");
        return environment;
    }

    @Test
    void whatWasImportedIsRead() {
        assertThat(ended.get("sql").at("/result/rows").toString())
                .isEqualTo("[[\"Searched for a\"],[\"Searched for b\"]]");
    }

    @Test
    void aBackupOnS3HasTheEncryptedColdFilesAndGivesThemBack() {
        assertThat(ended.get("verify backup").at("/result/damages")).isEmpty();
        assertThat(ended.get("backup again").at("/result/stored_bytes").asLong())
                .as("only what is new is stored")
                .isLessThan(ended.get("backup").at("/result/stored_bytes").asLong() / 2);
        assertThat(ended.get("sql restored").at("/result/rows"))
                .isEqualTo(ended.get("sql").at("/result/rows"));
    }

    @Test
    void theSameExportAddsNothing() {
        assertThat(ended.get("again").at("/result/counts").toString())
                .isEqualTo("{\"read\":2,\"accepted\":0,\"duplicates\":2,\"quarantined\":0}");
    }

    @Test
    void statusFindsEveryPartitionCold() {
        assertThat(StreamSupport.stream(ended.get("status").get("result").spliterator(), false)
                        .map(partition -> partition.get("tier").asText()))
                .containsOnly("COLD");
    }

    @Test
    void aReadOfATableOnS3Counts() {
        assertThat(ended.get("heat after").at("/result/accepted").asInt()).isEqualTo(1);
    }

    @Test
    void coldFilesHaveACopyOnTheDiskAndStatusAndDoctorWarnThatTwoAreNotThree() throws Exception {
        JsonNode status = ended.get("status");
        try (Stream<Path> copies = Files.list(disk().resolve("user_data/activity/2024/05"))) {
            assertThat(copies.map(copy -> copy.getFileName().toString()))
                    .hasSize(2)
                    .anyMatch(name -> name.endsWith(".parquet"))
                    .anyMatch(name -> name.endsWith(".parquet.sha256"));
        }
        assertThat(ended.get("apply").at("/result/copies/files").asInt()).isEqualTo(1);
        assertThat(status.at("/result/0/copies").asInt()).isEqualTo(2);
        assertThat(status.get("warnings").toString())
                .contains("1 cold partition", "fewer than 3 verified copies", "lake.storage.cold.locations");
        assertThat(ended.get("doctor").get("result").toString()).contains("fewer than 3 verified copies");
    }

    @Test
    void coldFilesHaveTheirStorageClassAndNoOthers() {
        Map<Boolean, List<String>> classes =
                SharedS3.client().listObjectsV2(list -> list.bucket(BUCKET)).contents().stream()
                        .collect(Collectors.partitioningBy(
                                object -> object.key().contains("/cold/"),
                                Collectors.mapping(object -> storageClass(object), Collectors.toList())));

        assertThat(classes.get(true)).containsOnly("STANDARD_IA");
        assertThat(classes.get(false)).containsOnly("STANDARD");
    }

    @Test
    void coldFilesAreEncryptedAndTheKeyWasRotatedInTheBucketAndOnTheDisk() throws Exception {
        List<String> names = SharedS3.client().listObjectsV2(list -> list.bucket(BUCKET)).contents().stream()
                .map(S3Object::key)
                .toList();
        List<String> cold =
                names.stream().filter(name -> name.contains("/cold/")).toList();
        assertThat(cold).isNotEmpty().allSatisfy(name -> assertThat(SharedS3.client()
                        .getObjectAsBytes(get -> get.bucket(BUCKET).key(name))
                        .asString(StandardCharsets.ISO_8859_1))
                .startsWith("PARE")
                .endsWith("PARE"));
        assertThat(names.stream().filter(name -> name.contains("/keys/")))
                .as("the backup's own, which nobody has rotated, and the table's")
                .satisfiesExactly(
                        name -> assertThat(name).matches("lakes/home/keys/backup/[0-9a-f]{32}\\.000001\\.json"),
                        name -> assertThat(name)
                                .matches("lakes/home/keys/user_data\\.activity/[0-9a-f]{32}\\.000002\\.json"));
        try (Stream<Path> keys = Files.list(disk().resolve("keys/user_data.activity"))) {
            assertThat(keys).hasSize(2).allMatch(key -> key.toString().contains(".000002.json"));
        }
        assertThat(ended.get("rotate keys").at("/result/keys/0/from").asText()).isEqualTo("lake-cold-1");
        assertThat(ended.get("rotate keys").at("/result/keys/0/to").asText()).isEqualTo("lake-cold-2");
        assertThat(ended.get("sql with the new key").at("/result/rows").toString())
                .isEqualTo("[[\"Searched for a\"],[\"Searched for b\"]]");
    }

    @Test
    void doctorFindsALostKey() {
        assertThat(ended.get("doctor with the new key").get("result").toString())
                .contains("1 keys of 1 cold files can be had");
        assertThat(ended.get("doctor without a key").get("result").toString())
                .contains("keys of user_data.activity")
                .contains("1 cold files cannot be read: the keystore " + folder.resolve("lost.p12")
                        + " cannot be opened: there is no such file")
                .contains("restore it from its backup");
        assertThat(ended.get("sql without a key").get("error").toString())
                .contains("the keystore " + folder.resolve("lost.p12") + " cannot be opened")
                .contains("restore it from its backup");
    }

    @Test
    void everyFileInTheBucketIsAsItWasWritten() {
        JsonNode examined = ended.get("deep doctor");

        assertThat(examined.at("/result/findings")).isEmpty();
        assertThat(examined.at("/result/examined/0").asText()).matches("\\d+ tables with \\d+ live files of .*");
        assertThat(examined.get("warnings").toString()).doesNotContain("no hash is known");
        assertThat(SharedS3.client()
                        .listObjectsV2(list -> list.bucket(BUCKET).prefix("lakes/home/manifest/user_data/activity/"))
                        .contents())
                .isNotEmpty();
    }

    private static String storageClass(S3Object object) {
        String name = SharedS3.client()
                .headObject(head -> head.bucket(BUCKET).key(object.key()))
                .storageClassAsString();
        return name == null ? "STANDARD" : name;
    }

    @Test
    void onlyWhatHasToBeLocalIs() throws Exception {
        List<String> local = new ArrayList<>();
        try (Stream<Path> entries = Files.list(folder.resolve("local"))) {
            entries.map(entry -> entry.getFileName().toString()).sorted().forEach(local::add);
        }
        assertThat(local)
                .containsExactly("access", "audit", "keys", "lake.version", "plans", "postgres", "run", "staging");
    }
}
