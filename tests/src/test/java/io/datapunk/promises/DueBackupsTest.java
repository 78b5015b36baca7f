package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.model.table.ArchiveDrillsTable;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lake doctor} says that a backup or a drill is due. Of restore points it reads the names, and here is nothing else. */
class DueBackupsTest {
    @TempDir
    private Path folder;

    private Path first;
    private Path second;
    private LakeHome home;
    private LakeCommands lake;

    @BeforeEach
    void aLakeWithTwoPlacesForBackups() throws IOException {
        first = Files.createDirectories(folder.resolve("first/points")).getParent();
        second = Files.createDirectories(folder.resolve("second/points")).getParent();
        home = LakeHome.open(LakeConfig.load(
                null, Map.of(), Map.of("lake.home", folder.resolve("home").toString())));
        lake = new LakeCommands(folder.resolve("home"), Map.of("LAKE_BACKUP_LOCATIONS", first + "," + second));
    }

    @Test
    void aLakeWithoutBackupsIsWarnedOf() {
        assertThat(checks("backups", "2026-11-26T09:00:00Z"))
                .extracting(DueBackupsTest::health, DueBackupsTest::finding)
                .containsExactly(tuple("warning", "there is none"));
        assertThat(checks("backup drills", "2026-11-26T09:00:00Z")).isEmpty();
    }

    @Test
    void aRestorePointIsDueADayAfterTheLastInEachPlace() throws IOException {
        point(first, "20261125T020000Z-00000001");
        point(second, "20261125T020000Z-00000001");
        point(first, "20261126T020000Z-00000002");

        assertThat(checks("backups", "2026-11-26T09:00:00Z"))
                .extracting(DueBackupsTest::health, DueBackupsTest::finding)
                .containsExactly(
                        tuple("warning", second + " lacks the newest restore point 20261126T020000Z-00000002"));

        point(second, "20261126T020000Z-00000002");
        assertThat(checks("backups", "2026-11-26T09:00:00Z"))
                .extracting(DueBackupsTest::health, DueBackupsTest::finding)
                .containsExactly(tuple(
                        "ok", "the newest restore point 20261126T020000Z-00000002 is 7 h old, and in 2 locations"));
        assertThat(checks("backups", "2026-11-27T09:00:00Z"))
                .extracting(DueBackupsTest::health, DueBackupsTest::finding)
                .containsExactly(tuple(
                        "warning",
                        "the newest restore point 20261126T020000Z-00000002 is 31 h old, and 24 h are allowed"));
    }

    @Test
    void aPlaceOutOfReachIsTold() throws IOException {
        point(second, "20261126T020000Z-00000002");
        Files.move(first, folder.resolve("unplugged"));

        assertThat(checks("backups", "2026-11-26T09:00:00Z"))
                .extracting(DueBackupsTest::health, DueBackupsTest::finding)
                .contains(tuple(
                        "warning",
                        "the backups in " + first + " are out of reach: FileNotFoundException: " + first
                                + " is not a folder"));
    }

    @Test
    void aDrillIsDueAWeekAfterTheLastThatWasPassed() throws IOException {
        point(first, "20261126T020000Z-00000002");
        point(second, "20261126T020000Z-00000002");
        assertThat(drill("2026-11-26T09:00:00Z")).isEqualTo(List.of("warning", "no backup was restored for trial yet"));

        held("2026-11-15T04:00:00Z", "");
        assertThat(drill("2026-11-20T09:00:00Z")).isEqualTo(List.of("ok", "the newest, 5 d ago, was passed"));
        assertThat(drill("2026-11-26T09:00:00Z"))
                .isEqualTo(List.of("warning", "the newest that was passed is 11 d old, and 7 d are allowed"));

        held("2026-11-22T04:00:00Z", "a count of all tables gives 4 rows, and 5 were restored");
        assertThat(drill("2026-11-26T09:00:00Z"))
                .isEqualTo(List.of(
                        "warning",
                        "the newest, of 2026-11-22T04:00:00Z, was not passed: a count of all tables gives 4 rows, and 5"
                                + " were restored"));
    }

    private void held(String at, String findings) {
        SparkSession spark = SharedSpark.session(lake.home());
        DeltaTables.ensure(spark, home, ArchiveDrillsTable.DEFINITION);
        Instant time = Instant.parse(at);
        new DeltaAppend(spark, home)
                .append(
                        ArchiveDrillsTable.DEFINITION,
                        spark.createDataFrame(
                                List.of(RowFactory.create(
                                        "0000000" + findings.length() % 10,
                                        time,
                                        "20261126T020000Z-00000002",
                                        first.toString(),
                                        1L,
                                        5L,
                                        1000L,
                                        1.5,
                                        7200.0,
                                        3600.0,
                                        findings.isEmpty(),
                                        findings,
                                        time)),
                                DeltaSchemas.structType(ArchiveDrillsTable.DEFINITION)));
    }

    private List<String> drill(String now) {
        JsonNode check = checks("backup drills", now).get(0);
        return List.of(health(check), finding(check));
    }

    private List<JsonNode> checks(String name, String now) {
        List<JsonNode> found = new ArrayList<>();
        lake.result("doctor", "--now", now).forEach(check -> {
            if (check.get("check").asText().equals(name)) {
                found.add(check);
            }
        });
        return found;
    }

    private static String health(JsonNode check) {
        return check.get("health").asText();
    }

    private static String finding(JsonNode check) {
        return check.get("finding").asText();
    }

    private static void point(Path location, String name) throws IOException {
        Files.createFile(location.resolve("points").resolve(name));
    }
}
