package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Promise 9: a failed job ends non-zero with problem, cause and remedy. */
class FailureIsLoudTest {
    @TempDir
    private Path folder;

    private LakeCommands lake;

    @BeforeEach
    void aLake() {
        lake = new LakeCommands(folder.resolve("lake"));
    }

    @Test
    void whatIsNotThere() {
        assertFails(lake.run("ingest", folder.resolve("nothing.zip").toString(), "--user", "ann"), "nothing.zip");
    }

    @Test
    void whatIsEmpty() throws IOException {
        Path empty = Files.createFile(folder.resolve("takeout-20260115T101500Z-001.zip"));

        assertFails(lake.run("ingest", empty.toString(), "--user", "ann"), "takeout-20260115T101500Z-001.zip");
    }

    @Test
    void whatIsTruncated() throws IOException {
        byte[] whole = Files.readAllBytes(DemoLake.export().get(0));
        Path torn = Files.write(
                folder.resolve("takeout-20260115T101500Z-001.zip"), java.util.Arrays.copyOf(whole, whole.length / 2));

        assertFails(lake.run("ingest", torn.toString(), "--user", "ann"), "takeout-20260115T101500Z-001.zip");
    }

    @Test
    void homeOfANewerVersion() throws IOException {
        Files.createDirectories(lake.home());
        Files.writeString(lake.home().resolve("lake.version"), "999\n");

        assertFails(lake.run("tables"), "999");
    }

    private static void assertFails(LakeCommands.Ended ended, String value) {
        assertThat(ended.exitCode()).as(ended.err()).isIn(1, 2);
        assertThat(ended.err())
                .contains("lake: ")
                .contains("  cause:  ")
                .contains("  remedy: ")
                .contains(value)
                .doesNotContain("\tat ");
    }
}
