package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.testkit.KeystoreFile;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Who is erased is in no file of the lake any more, and everybody else is as before. */
@Tag("full")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ErasureTest {
    /** Words that only one person's data have: his name, his export's, what he looked for, what nobody could read, what he wrote. */
    private static final String[] ANN = {"ann of example", "ann.zip", "annsearch", "annbroken", "annwrote"};

    private static final List<String> MONTHS = List.of("2024-03", "2024-04", "2024-05", "2024-06");

    @TempDir
    private static Path folder;

    private static LakeCommands lake;
    private static StoreDecoder decoder;
    private static String annId;
    private static String annPackage;
    private static String bobPackage;

    @BeforeAll
    static void aLakeWithTwoPersonsInAllItsStores() throws IOException, SQLException {
        SharedSpark.session();
        Path copies = Files.createDirectory(folder.resolve("copies"));
        Path backups = Files.createDirectory(folder.resolve("backups"));
        Path wal = Files.createDirectory(folder.resolve("wal"));
        KeystoreFile.write(folder.resolve("keys.p12"), "lake-archive-1", "lake-backup-1");
        Path conf = Files.writeString(
                folder.resolve("lake.conf"), """
                lake.storage.cold.locations = ["%s"]
                lake.backup.locations = ["%s"]
                lake.postgres.wal.archive = "%s"
                lake.storage.encryption.keystore = "%s"
                lake.tiering.minimum-size = 0 B
                lake.datasets."user_data.activity".tiering.hot.writes = true
                """.formatted(copies, backups, wal, folder.resolve("keys.p12")));
        lake = new LakeCommands(
                folder.resolve("home"),
                Map.of(
                        "LAKE_CONF",
                        conf.toString(),
                        "LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD",
                        KeystoreFile.PASSWORD));
        decoder = new StoreDecoder(List.of(lake.home(), copies, wal));
        Path ann = export("ann.zip", "ann");
        Path bob = export("bob.zip", "bob");
        ingest(ann, "ann of example");
        ingest(bob, "bob of example");
        annId = lake.query("SELECT user_id FROM lake.users WHERE name LIKE 'ann%'")
                .get(0)
                .get(0)
                .asText();

        // Older versions and the change feed have rows of theirs, a table of somebody's own hides some behind a
        // deletion
        // vector and quotes them in its log, and one month is in each tier.
        String activity = "delta.`" + lake.home().resolve("tables/user_data/activity") + "`";
        String visits = "delta.`" + lake.home().resolve("tables/shop/visits") + "`";
        SharedSpark.session().sql("UPDATE " + activity + " SET kind = 'looked for' WHERE month = '2024-06'");
        SharedSpark.session()
                .sql("CREATE TABLE " + visits + " USING delta TBLPROPERTIES"
                        + " ('delta.enableDeletionVectors' = 'true') AS SELECT user_id, month, title FROM " + activity);
        SharedSpark.session().sql("DELETE FROM " + visits + " WHERE month = '2024-06'");
        lake.result("tier", "pin", "user_data.activity/month=2024-03", "--tier", "cold");
        lake.result("tier", "pin", "user_data.activity/month=2024-04", "--tier", "hot");
        lake.result("tier", "apply");
        LakeConfig config =
                LakeConfig.load(null, Map.of(), Map.of("lake.home", lake.home().toString()));
        try (PostgresServer server = PostgresServer.open(config.postgres(), LakeHome.openExisting(config));
                Connection application = SharedPostgres.connect(server.connection());
                Statement statement = application.createStatement()) {
            statement.execute("UPDATE user_data.activity SET title = 'annwrote' WHERE title LIKE '%annsearch%'");
        }
        annPackage = lake.result("archive", "create", ann.toString(), "--user", "ann of example")
                .get("path")
                .asText();
        bobPackage = lake.result("archive", "create", bob.toString(), "--user", "bob of example")
                .get("path")
                .asText();
        lake.result("archive", "create", "--partition", "user_data.activity/month=2024-05");
        lake.result("vectors", "embed", "activity");
        lake.result("vectors", "build", "activity");
        lake.result("analytics", "run", "analytics.top_domains");
        lake.result("backup", "create");
        Files.writeString(
                Files.createDirectories(lake.home().resolve("staging/unpacked-0123456789abcdef"))
                        .resolve("left behind"),
                "annsearch");
    }

    @AfterAll
    static void stop() {
        lake.run("down");
    }

    @Test
    @Order(1)
    void aHoldStopsItWithItsReason() {
        JsonNode hold = lake.result("archive", "hold", "--user", "ann of example", "--reason", "case 12");

        LakeCommands.Ended refused = lake.run("archive", "erase", "--user", "ann of example");

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.failure()).contains("case 12").contains("lake archive hold --release");
        lake.result("archive", "hold", "--release", hold.get(0).get("hold_id").asText());
    }

    @Test
    @Order(2)
    void aDryRunTellsWhereThePersonIsAndChangesNothing() {
        JsonNode planned = lake.result("archive", "erase", "--user", "ann of example", "--dry-run")
                .get(0);

        assertThat(planned.get("traces").findValuesAsText("subject"))
                .contains(
                        annPackage,
                        "user_data.activity",
                        "imports.quarantine",
                        "lake.users",
                        "lake_outbox.\"user_data.activity\"");
        assertThat(where(decoder.find(ANN)))
                .contains(
                        "home/tables/user_data/activity/month=2024-05",
                        "home/tables/user_data/activity/cold/default/2024/month=2024-03",
                        "home/tables/user_data/activity/_change_data/month=2024-06",
                        "home/tables/imports/files",
                        "home/tables/imports/quarantine",
                        "home/tables/lake/users",
                        "home/tables/shop/visits",
                        "home/tables/shop/visits/_delta_log",
                        "home/tables/analytics/top_domains/month=2024-05",
                        "home/tables/vectors/activity/month=2024-05",
                        "home/vectors/activity/shards",
                        "home/postgres",
                        "home/staging",
                        "copies/user_data/activity/2024/03",
                        "wal");
    }

    /** Their keys lie outside of them: while those exist, everything that is in them can be read. */
    @Test
    @Order(2)
    void packagesAndRestorePointsHaveThePersonToo() {
        Path opened = folder.resolve("opened");
        lake.result(
                "archive",
                "restore",
                annPackage,
                "--to",
                opened.resolve("package").toString());
        lake.result("backup", "restore", "--to", opened.resolve("backup").toString());

        assertThat(new StoreDecoder(List.of(opened.resolve("package"))).find(ANN))
                .isNotEmpty();
        assertThat(new StoreDecoder(List.of(opened.resolve("backup"))).find(ANN))
                .isNotEmpty();
    }

    @Test
    @Order(3)
    void nothingIsLeftOfThePersonAndNobodyElseHasChangedHoweverOftenItIsKilled() throws Exception {
        SortedMap<String, String> others = others();
        // -Dlake.test.kills=20 kills more often.
        for (int kill = 0; kill < Integer.getInteger("lake.test.kills", 1); kill++) {
            eraseAndKill(Duration.ofMillis(ThreadLocalRandom.current().nextLong(9_000)));
        }

        // What a kill left half written may be a writer's that is still at work, for an hour.
        LakeCommands.Ended ended = lake.run(
                "archive",
                "erase",
                "--user",
                "ann of example",
                "--now",
                Instant.now().plus(Duration.ofHours(2)).toString());

        assertThat(ended.exitCode()).as(ended.err()).isZero();
        assertThat(decoder.find(ANN)).isEmpty();
        assertThat(others()).isEqualTo(others);
        assertThat(lake.home().resolve("keys/person-" + annId))
                .isDirectoryNotContaining("regex:.*/[0-9a-f]{32}[.]\\d{6}[.]json");
        assertThat(lake.home().resolve("archive/" + annPackage)).doesNotExist();
        assertThat(folder.resolve("copies/keys/person-" + annId)).isDirectoryContaining("glob:**erasure.000002.json");
    }

    @Test
    @Order(4)
    void theRestOfTheLakeIsInOrder() {
        assertThat(lake.result("archive", "verify").get("damages")).isEmpty();
        assertThat(lake.result("archive", "audit", "--verify").get("damages")).isEmpty();
        assertThat(lake.result("doctor", "--deep").get("findings")).isEmpty();
        assertThat(lake.result(
                                "archive",
                                "restore",
                                bobPackage,
                                "--to",
                                folder.resolve("bob").toString())
                        .get("entries")
                        .asLong())
                .isEqualTo(MONTHS.size() + 1);
        lake.result("vectors", "build", "activity");
        assertThat(lake.result("vectors", "search", "what did bobsearch search for", "--collection", "activity")
                        .findValuesAsText("text"))
                .hasSize(MONTHS.size())
                .allMatch(text -> text.contains("bobsearch"));
        JsonNode status = lake.result("tier", "status");
        assertThat(status.findValuesAsText("tier")).contains("HOT").doesNotContain("STALE");
        assertThat(lake.run("archive", "erase", "--user", "ann of example").failure())
                .contains("the lake has no user 'ann of example'");
    }

    @Test
    @Order(5)
    void anOlderRestorePointHasTheOthersAlone() {
        Path again = folder.resolve("again");
        assertThat(lake.run("backup", "restore", "--to", again.toString()).err())
                .contains("run `lake vectors build activity`");

        assertThat(new StoreDecoder(List.of(again)).find(ANN)).isEmpty();
        LakeCommands restored = new LakeCommands(again, lake.environment());
        // Of indexes a backup has the manifests alone.
        restored.result("vectors", "build", "activity");
        assertThat(restored.run("doctor", "--deep", "--json").result().get("findings"))
                .filteredOn(finding -> !finding.get("kind").asText().equals("backup"))
                .as("all but the table that is not restored; of backups the older lake's audit log does not know all")
                .allMatch(finding -> finding.get("subject").asText().equals("shop.visits"));
        assertThat(restored.query("SELECT count(*) FROM user_data.activity")
                        .get(0)
                        .get(0)
                        .asLong())
                .isEqualTo(MONTHS.size());
        restored.run("down");
        assertThat(lake.result("backup", "verify").get("damages")).isEmpty();
    }

    @Test
    @Order(6)
    void whoComesAnewIsAnotherPerson() throws IOException {
        ingest(folder.resolve("ann.zip"), "ann of example");

        assertThat(lake.query("SELECT user_id FROM lake.users WHERE name LIKE 'ann%'")
                        .get(0)
                        .get(0)
                        .asText())
                .isNotEqualTo(annId);
    }

    /** Some time after it has begun; each goes on where the one before was. */
    private static void eraseAndKill(Duration moment) throws Exception {
        int before = begun();
        try (LakeProcess erasing = LakeProcess.start(lake, "archive", "erase", "--user", "ann of example")) {
            while (erasing.isAlive() && begun() == before) {
                Thread.sleep(10);
            }
            Thread.sleep(moment.toMillis());
            erasing.kill();
        }
    }

    private static int begun() throws IOException {
        return Files.readString(lake.home().resolve("audit/log.ndjson")).split("erasure\\.begin", -1).length;
    }

    /** A search in each month, the same times for everybody, and an entry that nobody can read. */
    private static Path export(String name, String who) throws IOException {
        Map<String, String> entries = new TreeMap<>();
        for (String month : MONTHS) {
            entries.put(
                    "Takeout/My Activity/Search " + month + "/MyActivity.json", """
                    [{"header": "Search", "title": "Searched for %ssearch %s", "titleUrl": "https://%ssearch.example.org/?q=lakes",
                      "time": "%s-07T10:00:00.123Z", "products": ["Search"]}]
                    """.formatted(who, month, who, month));
        }
        entries.put("Takeout/My Activity/Maps/MyActivity.json", "[{\"title\": \"" + who + "broken\", ");
        return new Exports(folder).zip(name, entries);
    }

    /** The gate of quarantined entries is not what this is about. */
    private static void ingest(Path export, String user) {
        LakeCommands.Ended ended = lake.run("ingest", export.toString(), "--user", user);
        assertThat(ended.exitCode()).as(ended.err()).isIn(0, 3);
    }

    /** Every row of everybody else, in every table, as text. */
    private static SortedMap<String, String> others() {
        SortedMap<String, String> rows = new TreeMap<>();
        for (String table : List.of(
                "user_data.activity",
                "imports.quarantine",
                "imports.jobs",
                "lake.users",
                "shop.visits",
                "analytics.top_domains",
                "archive.contents")) {
            List<String> all = new ArrayList<>();
            lake.query("SELECT to_json(struct(*)) FROM " + table + " WHERE user_id <> '" + annId + "' ORDER BY 1")
                    .forEach(row -> all.add(row.get(0).asText()));
            rows.put(table, String.join("\n", all));
        }
        return rows;
    }

    /** The folders of files, cut to where they tell stores apart. */
    private static List<String> where(SortedSet<Path> files) {
        return files.stream()
                .map(file -> folder.relativize(file.getParent()).toString())
                .map(place -> place.startsWith("home/postgres") ? "home/postgres" : place)
                .map(place -> place.replaceAll("/day=.*", ""))
                .map(place -> place.startsWith("home/staging") ? "home/staging" : place)
                .map(place -> place.startsWith("wal") ? "wal" : place)
                .map(place -> place.replaceAll("/shards/.*", "/shards"))
                .distinct()
                .toList();
    }
}
