package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.testkit.KeystoreFile;
import io.datapunk.testkit.SharedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 9 on a disk that is really full: the command says so, nothing is lost, and with more room it succeeds. */
@Tag("full")
class FullDiskTest {
    private static final Map<String, String> NO_MARGIN = Map.of("LAKE_INGEST_FREE_DISK_MARGIN", "0 B");

    private static final String LATER = "2031-01-01T00:00:00Z";

    private static final String ROWS_OF_ANN = "SELECT month, count(*), bit_xor(xxhash64(*)) FROM user_data.activity"
            + " WHERE user_id IN (SELECT user_id FROM lake.users WHERE name = 'ann') GROUP BY month ORDER BY month";

    private static final String PERSONS =
            "SELECT name, count(*) FROM user_data.activity LEFT JOIN lake.users USING (user_id) GROUP BY name";

    private static final String PACKAGES = "SELECT path FROM archive.packages ORDER BY path";

    @TempDir
    private Path folder;

    @Test
    void anImportThatWouldNotFitIsRefusedBeforeItBegins() throws Exception {
        Path export = new Exports(folder)
                .zip("searches.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("lakes", "punk")));
        Path noMargin = Files.writeString(folder.resolve("no-margin.conf"), "lake.ingest.free-disk-margin = 0 B");
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "64m")) {
            LakeCommands lake = new LakeCommands(folder.resolve("disk/lake"));

            Map<String, LakeCommands.Ended> ended = new PressedCommands()
                    .withRoom("import", "ingest", export.toString(), "--user", "ann")
                    .withRoom("tables then", "tables")
                    .withRoom(
                            "without a margin",
                            "ingest",
                            export.toString(),
                            "--user",
                            "ann",
                            "--conf",
                            noMargin.toString())
                    .withRoom("tables", "tables")
                    .run(disk, lake);

            assertThat(ended.get("import").failure()).matches("""
                            lake: there is no room to stage the import
                              cause:  it may take 1 MiB in .*/disk/lake/staging/[0-9a-f]+ and leave 1,024 MiB free, but only 6\\d MiB are free
                              remedy: free disk space, or lower lake.ingest.free-disk-margin, and run the same command again
                            """);
            assertThat(ended.get("import").exitCode()).isEqualTo(1);
            assertThat(activities(ended, "tables then")).isZero();
            assertThat(accepted(ended.get("without a margin"))).isEqualTo(2);
            assertThat(activities(ended, "tables")).isEqualTo(2);
        }
    }

    @Test
    void aDiskThatFillsUpMeanwhileLosesNothing() throws Exception {
        Exports exports = new Exports(folder);
        Path first = exports.zip("first.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("lakes", "punk")));
        Path second = exports.zip("second.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("pears")));
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "64m")) {
            LakeCommands lake = new LakeCommands(folder.resolve("disk/lake"), NO_MARGIN);

            Map<String, LakeCommands.Ended> ended = new PressedCommands()
                    .withRoom("first", "ingest", first.toString(), "--user", "ann")
                    .without("second, full", 60, "ingest", second.toString(), "--user", "ann")
                    .withRoom("tables then", "tables")
                    .withRoom("second", "ingest", second.toString(), "--user", "ann")
                    .withRoom("tables", "tables")
                    .run(disk, lake);

            LakeCommands.Ended full = ended.get("second, full");
            assertThat(full.exitCode()).as(full.err()).isEqualTo(1);
            assertThat(full.failure()).matches("""
                            lake: .*
                              cause:  .*No space left on device
                              remedy: of the disks that it writes to, that of .*/disk/lake has the least room \\([0-9.]+ [KM]?i?B\\): \
                            free space there, then run it again: a job takes up what it left undone
                            """);
            assertThat(full.err()).as("no stack trace before it either").doesNotContain("\tat ");
            assertThat(activities(ended, "tables then")).isBetween(2L, 3L);
            assertThat(ended.get("second").exitCode())
                    .as(ended.get("second").err())
                    .isZero();
            assertThat(ended.get("second").result().at("/counts/read").asLong()).isEqualTo(1);
            assertThat(activities(ended, "tables")).isEqualTo(3);
        }
    }

    @Test
    void aMoveThatFindsNoRoomLosesNothingAndIsMadeLater() throws Exception {
        Path export = new Exports(folder)
                .zip("searches.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("lakes", "punk")));
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "64m")) {
            LakeCommands lake = new LakeCommands(folder.resolve("disk/lake"), elsewhere());

            Map<String, LakeCommands.Ended> ended = new PressedCommands()
                    .withRoom("import", "ingest", export.toString(), "--user", "ann")
                    .withRoom("heat", "heat")
                    .withRoom("heat later", "heat", "--now", LATER)
                    .without("move, full", 4, "tier", "apply", "--now", LATER)
                    .withRoom("tables then", "tables")
                    .withRoom("status then", "tier", "status", "--now", LATER)
                    .withRoom("move", "tier", "apply", "--now", LATER)
                    .withRoom("tables", "tables")
                    .withRoom("status", "tier", "status", "--now", LATER)
                    .run(disk, lake);

            LakeCommands.Ended full = ended.get("move, full");
            assertThat(full.exitCode()).as(full.out() + full.err()).isEqualTo(1);
            assertThat(full.out() + full.err()).contains("No space left on device");
            assertThat(activities(ended, "tables then")).isEqualTo(2);
            assertThat(placement(ended.get("status then"))).isEqualTo("WARM");
            assertThat(ended.get("move").exitCode()).as(ended.get("move").err()).isZero();
            assertThat(activities(ended, "tables")).isEqualTo(2);
            assertThat(placement(ended.get("status"))).isEqualTo("COLD");
        }
    }

    @Test
    void whatKeepsCopiesAndWhatDestroysLosesNothing() throws Exception {
        Exports exports = new Exports(folder);
        Path ann = exports.zip(
                "ann.zip",
                Map.of(
                        Exports.SEARCHES_PATH,
                        Exports.searches("lakes", "punk"),
                        "Takeout/My Activity/Search of June/MyActivity.json",
                        Exports.searches("pears").replace("2024-05", "2024-06")));
        Path bob = exports.zip("bob.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("boats")));
        Path photos = Files.createDirectory(folder.resolve("photos"));
        byte[] photo = new byte[3_000_000];
        new Random(7).nextBytes(photo);
        Files.write(photos.resolve("photo.jpg"), photo);
        try (SmallDisk disk = SmallDisk.mount(folder.resolve("disk"), "64m")) {
            LakeCommands lake = new LakeCommands(folder.resolve("disk/lake"), keeping());
            Map<String, LakeCommands.Ended> before = new PressedCommands()
                    .withRoom("ann", "ingest", ann.toString(), "--user", "ann")
                    .withRoom("bob", "ingest", bob.toString(), "--user", "bob")
                    .withRoom("package", "archive", "create", ann.toString(), "--user", "ann")
                    .withRoom("backup", "backup", "create")
                    .withRoom("plan", "archive", "expire", "--now", LATER)
                    .withRoom("packages", "sql", PACKAGES)
                    .withRoom("rows", "sql", ROWS_OF_ANN)
                    .run(disk, lake);
            before.forEach((name, command) -> assertThat(command.exitCode())
                    .as("%s: %s", name, command.err())
                    .isZero());
            String plan = before.get("plan").result().get("plan_id").asText();
            String[] create = {"archive", "create", photos.toString(), "--user", "ann"};
            String[] backup = {"backup", "create"};
            String[] erase = {"archive", "erase", "--user", "bob"};
            String[] expire = {"archive", "expire", "--apply", plan, "--now", LATER};
            String[] rotate = {"tier", "rotate-keys", "--conf", newMasterKey().toString()};

            Map<String, LakeCommands.Ended> after = new HashMap<>(new PressedCommands()
                    .without("package, full", 1_500, create)
                    .withRoom("whole packages then", "archive", "verify")
                    .withRoom("packages then", "sql", PACKAGES)
                    .withRoom("package", create)
                    .withRoom("whole packages", "archive", "verify")
                    .withRoom("packages", "sql", PACKAGES)
                    .without("backup, full", 1_500, backup)
                    .withRoom("whole backups then", "backup", "verify")
                    .withRoom("backup", backup)
                    .withRoom("whole backups", "backup", "verify")
                    .run(disk, lake));
            after.putAll(new PressedCommands()
                    .without("erasure, full", 8, erase)
                    .withRoom("rows of others then", "sql", ROWS_OF_ANN)
                    .withRoom("erasure", erase)
                    .withRoom("rows of others", "sql", ROWS_OF_ANN)
                    .withRoom("persons", "sql", PERSONS)
                    .withRoom("approval", "archive", "expire", "--approve", plan, "--by", "carol", "--now", LATER)
                    .without("expiry, full", 0, expire)
                    .withRoom("rows that do not go by halves", "sql", ROWS_OF_ANN)
                    .withRoom("expiry", expire)
                    .withRoom("rows that stay", "sql", ROWS_OF_ANN)
                    .without("rotation, full", 0, rotate)
                    .withRoom("packages under an old key", "archive", "verify")
                    .withRoom("rotation", rotate)
                    .withRoom("rotation again", rotate)
                    .withRoom("packages under a new key", "archive", "verify")
                    .withRoom("backups in the end", "backup", "verify")
                    .withRoom("deep", "doctor", "--deep")
                    .run(disk, lake));

            after.forEach((name, command) -> {
                if (name.endsWith(", full")) {
                    assertThat(command.exitCode())
                            .as("%s: %s%s", name, command.out(), command.err())
                            .isEqualTo(1);
                    assertThat(command.failure())
                            .as(name)
                            .contains("No space left on device")
                            .containsPattern("that of .*/disk/lake has the least room")
                            .doesNotContain("\tat ");
                } else {
                    assertThat(command.exitCode())
                            .as("%s: %s%s", name, command.out(), command.err())
                            .isZero();
                }
            });
            assertThat(rows(after, "packages then")).isEqualTo(rows(before, "packages"));
            assertThat(rows(after, "packages")).hasSize(2);
            for (String name : List.of("rows of others then", "rows of others", "rows that do not go by halves")) {
                assertThat(rows(after, name)).as(name).isEqualTo(rows(before, "rows"));
            }
            assertThat(rows(after, "persons")).hasToString("[[\"ann\",3]]");
            assertThat(rows(after, "rows that stay"))
                    .hasToString("[" + rows(before, "rows").get(0) + "]");
            assertThat(after.get("rotation").result().get("keys").findValuesAsText("to"))
                    .containsOnly("lake-archive-2");
            assertThat(after.get("rotation again").result().get("keys")).isEmpty();
            assertThat(after.get("deep").result().get("findings")).isEmpty();
        }
    }

    private static JsonNode rows(Map<String, LakeCommands.Ended> ended, String name) {
        return ended.get(name).result().get("rows");
    }

    /** Also keys, backups on the small disk, and a rule by which June goes. */
    private Map<String, String> keeping() throws IOException {
        Path keys = KeystoreFile.write(folder.resolve("keys.p12"), "lake-archive-1", "lake-archive-2", "lake-backup-1");
        Path rules = Files.writeString(folder.resolve("own.conf"), """
                lake.archive.retention.rules = [
                  { of = rows, dataset = "user_data.activity", partition = "month=2024-06", class = default }
                ]
                """);
        Map<String, String> environment = elsewhere();
        environment.put("LAKE_STORAGE_ENCRYPTION_KEYSTORE", keys.toString());
        environment.put("LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD", KeystoreFile.PASSWORD);
        environment.put("LAKE_BACKUP_LOCATIONS", folder.resolve("disk").toString());
        environment.put("LAKE_CONF", rules.toString());
        return environment;
    }

    private Path newMasterKey() throws IOException {
        return Files.writeString(folder.resolve("new-key.conf"), "lake.archive.master-key = lake-archive-2");
    }

    /** What is not tables lies on another disk, and PostgreSQL is somebody else's. */
    private Map<String, String> elsewhere() {
        PostgresConnection database = SharedPostgres.migratedDatabase();
        Map<String, String> environment = new HashMap<>(NO_MARGIN);
        environment.put("LAKE_LOCAL_HOME", folder.resolve("local").toString());
        environment.put("LAKE_TIERING_MINIMUM_SIZE", "0 B");
        environment.put("LAKE_POSTGRES_URL", database.url());
        environment.put("LAKE_POSTGRES_USER", database.user());
        environment.put("LAKE_POSTGRES_PASSWORD", database.password().get());
        return environment;
    }

    private static String placement(LakeCommands.Ended status) {
        return status.result().at("/0/tier").asText();
    }

    private static long accepted(LakeCommands.Ended ended) {
        assertThat(ended.exitCode()).as(ended.err()).isZero();
        return ended.result().at("/counts/accepted").asLong();
    }

    private static long activities(Map<String, LakeCommands.Ended> ended, String tables) {
        for (JsonNode table : ended.get(tables).result()) {
            if (table.get("dataset").asText().equals("user_data.activity")) {
                return table.get("rows").asLong();
            }
        }
        return 0;
    }
}
