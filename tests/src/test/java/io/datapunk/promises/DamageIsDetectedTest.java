package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.promises.LakeCommands.Ended;
import io.datapunk.testkit.KeystoreFile;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lake doctor --deep}: damage is named with its place and the command that repairs it, never read as fewer rows. */
class DamageIsDetectedTest {
    @TempDir
    private Path folder;

    @Test
    void whatOthersCommittedIsTakenInByTheNextCommandAndComparedFromThenOn() throws IOException {
        LakeHome.open(LakeConfig.load(
                null, Map.of(), Map.of("lake.home", folder.resolve("home").toString())));
        LakeCommands lake = new LakeCommands(folder.resolve("home"));
        Path table = lake.home().resolve("tables/geo/places");
        SharedSpark.session(lake.home())
                .sql("CREATE TABLE delta.`" + table + "` USING delta AS SELECT /*+ COALESCE(1) */ id FROM range(100)");
        lake.result("archive", "hold");
        assertThat(lake.home().resolve("manifest/geo/places/00000000000000000000.ndjson"))
                .exists();

        JsonNode whole = lake.result("doctor", "--deep");

        assertThat(whole.get("findings")).isEmpty();
        assertThat(whole.get("examined").get(0).asText()).startsWith("1 tables with 1 live files of ");

        Path file = parquet(table);
        byte[] bytes = Files.readAllBytes(file);
        Files.write(file, Arrays.copyOf(bytes, bytes.length - 1));
        Path commit = table.resolve("_delta_log/00000000000000000000.json");
        byte[] committed = Files.readAllBytes(commit);
        Files.write(commit, new byte[0]);

        Ended damaged = lake.run("doctor", "--deep", "--json");

        assertThat(damaged.exitCode()).isEqualTo(3);
        assertThat(damaged.result().get("findings"))
                .extracting(
                        finding -> finding.get("kind").asText(),
                        finding -> finding.get("place").asText(),
                        finding -> finding.get("remedy").asText())
                .containsExactly(
                        tuple(
                                "commit",
                                "tables/geo/places/_delta_log/00000000000000000000.json",
                                "`lake backup restore --dataset geo.places`; let nothing write to the table before"),
                        tuple(
                                "data file",
                                "tables/geo/places/" + file.getFileName(),
                                "`lake backup restore --dataset geo.places`"));
        assertThat(damaged.failure()).startsWith("lake: 2 places are not what was written\n");

        Files.write(file, bytes);
        Files.write(commit, committed);
        assertThat(lake.result("doctor", "--deep").get("findings")).isEmpty();
    }

    @Test
    void whatOneLocationOfBackupsHasDamagedComesBackFromAnother() throws IOException {
        Path first = Files.createDirectory(folder.resolve("first"));
        Path second = Files.createDirectory(folder.resolve("second"));
        LakeHome.open(LakeConfig.load(
                null, Map.of(), Map.of("lake.home", folder.resolve("home").toString())));
        LakeCommands lake = new LakeCommands(
                folder.resolve("home"),
                Map.of(
                        "LAKE_STORAGE_ENCRYPTION_KEYSTORE",
                        KeystoreFile.write(folder.resolve("keys.p12"), "lake-backup-1")
                                .toString(),
                        "LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD",
                        KeystoreFile.PASSWORD,
                        "LAKE_BACKUP_LOCATIONS",
                        first + "," + second));
        SharedSpark.session(lake.home())
                .sql("CREATE TABLE delta.`" + lake.home().resolve("tables/geo/places")
                        + "` USING delta AS SELECT id FROM range(100)");
        assertThat(lake.result("doctor", "--deep").get("examined"))
                .extracting(JsonNode::asText)
                .contains("no backups, for there are none");
        lake.result("backup", "create");
        assertThat(lake.result("doctor", "--deep").get("examined"))
                .extracting(JsonNode::asText)
                .anyMatch(examined -> examined.startsWith("1 restore points with "));
        Path object = largest(first.resolve("objects"));
        byte[] bytes = Files.readAllBytes(object);
        byte[] damaged = bytes.clone();
        damaged[damaged.length / 2] ^= 1;
        Files.write(object, damaged);

        assertThat(lake.run("doctor", "--deep", "--json").result().get("findings"))
                .extracting(
                        finding -> finding.get("kind").asText(),
                        finding -> finding.get("subject").asText(),
                        finding -> finding.get("place").asText(),
                        finding -> finding.get("found").asText(),
                        finding -> finding.get("remedy").asText())
                .containsExactly(tuple(
                        "backup",
                        first.toString(),
                        first.relativize(object).toString(),
                        "its bytes are not what was written",
                        "`lake doctor --deep --repair`, which copies it back from " + second));

        assertThat(lake.result("doctor", "--deep", "--repair").get("findings"))
                .extracting(finding -> finding.get("repaired").asBoolean())
                .containsExactly(true);
        assertThat(Files.readAllBytes(object)).isEqualTo(bytes);
        assertThat(lake.result("doctor", "--deep").get("findings")).isEmpty();
    }

    private static Path largest(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .max(Comparator.comparing(file -> file.toFile().length()))
                    .orElseThrow();
        }
    }

    private static Path parquet(Path table) throws IOException {
        try (Stream<Path> files = Files.list(table)) {
            List<Path> found = files.filter(file -> file.toString().endsWith(".parquet"))
                    .filter(file -> !file.getFileName().toString().startsWith("."))
                    .toList();
            return found.get(0);
        }
    }
}
