package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.storage.FolderTree;
import io.datapunk.testkit.KeystoreFile;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A lake that is lost comes back from its backup, with an audit log that nobody can tell from the lost one. */
class LostLakeTest {
    @TempDir
    private Path folder;

    private LakeCommands lake;
    private String hold;

    @BeforeEach
    void aLakeThatWasUsedAfterItsLastBackup() throws IOException {
        // A session that the first command opened would have its files in the home that is lost.
        SharedSpark.session();
        KeystoreFile.write(folder.resolve("keys.p12"), "lake-archive-1", "lake-backup-1");
        lake = new LakeCommands(
                folder.resolve("home"),
                Map.of(
                        "LAKE_STORAGE_ENCRYPTION_KEYSTORE",
                        folder.resolve("keys.p12").toString(),
                        "LAKE_STORAGE_ENCRYPTION_KEYSTORE_PASSWORD",
                        KeystoreFile.PASSWORD,
                        "LAKE_BACKUP_LOCATIONS",
                        Files.createDirectory(folder.resolve("backups")).toString(),
                        "LAKE_AUDIT_LOCATIONS",
                        Files.createDirectory(folder.resolve("tape")).toString()));
        Path export =
                new Exports(folder).zip("ann.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("lakes", "punk")));
        lake.result("ingest", export.toString(), "--user", "ann");
        lake.result("backup", "create");
        hold = lake.result("archive", "hold", "--user", "ann", "--reason", "case 12")
                .get(0)
                .get("hold_id")
                .asText();
    }

    @Test
    void itsAuditLogGoesOnWhereTheCopyOutsideEnds() throws IOException {
        String lost = Files.readString(lake.home().resolve("audit/log.ndjson"));
        assertThat(lost).contains("hold.place");
        FolderTree.delete(lake.home());

        LakeCommands.Ended restored =
                lake.run("backup", "restore", "--to", lake.home().toString());

        assertThat(restored.exitCode()).as(restored.err()).isZero();
        assertThat(restored.err()).doesNotContain("audit log");
        assertThat(Files.readString(lake.home().resolve("audit/log.ndjson")))
                .startsWith(lost)
                .contains("backup.restore");
        assertThat(lake.result("archive", "audit", "--verify").get("damages")).isEmpty();
        assertThat(lake.query("SELECT title FROM user_data.activity ORDER BY title"))
                .hasToString("[[\"Searched for lakes\"],[\"Searched for punk\"]]");
        assertThat(lake.run("archive", "erase", "--user", "ann").failure())
                .as("a hold that the backup does not know is in force")
                .contains(hold);
    }

    /** The lake that goes on is the one whose log the places outside keep. */
    @Test
    void aCopyOfItBesideItHasTheLogOfTheBackup() throws IOException {
        LakeCommands copy = new LakeCommands(folder.resolve("copy"), lake.environment());

        assertThat(lake.run("backup", "restore", "--to", copy.home().toString()).exitCode())
                .isZero();

        assertThat(Files.readString(copy.home().resolve("audit/log.ndjson"))).doesNotContain("hold.place");
        assertThat(lake.result("archive", "audit", "--verify").get("damages")).isEmpty();
    }
}
