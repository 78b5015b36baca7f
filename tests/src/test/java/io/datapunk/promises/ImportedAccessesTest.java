package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code lake heat} with accesses that another system has recorded. */
class ImportedAccessesTest {
    private static final String HOUR_AFTER = "2021-05-01T10:00:00Z";

    @TempDir
    private Path folder;

    /** Spark's session of this JVM has its scratch in the first lake that opens it, and these are short-lived. */
    @BeforeAll
    static void openSpark() {
        SharedSpark.session();
    }

    @Test
    void accessesOfAFileCountOnceHoweverOftenItIsImported() throws IOException {
        LakeCommands lake = emptyLake();
        String file = Files.writeString(folder.resolve("reads.csv"), """
                        time,dataset,partition,accesses
                        2021-05-01T09:10:00Z,user_data.activity,month=2026-01,7
                        2021-05-01T09:20:00Z,user_data.activity,month=2026-02,1
                        """).toString();
        String[] heat = {"heat", "--source", "spool", "--import", file, "--now", HOUR_AFTER};

        JsonNode first = lake.result(heat);
        assertThat(first.get("accepted").asLong()).isEqualTo(2);
        assertThat(first.get("partitions").findValuesAsText("partition"))
                .as("the hottest first")
                .containsExactly("user_data.activity/month=2026-01", "user_data.activity/month=2026-02");
        List<JsonNode> perHour = first.get("partitions").findValues("hot_per_hour");
        assertThat(perHour.get(0).asDouble()).isEqualTo(7 * perHour.get(1).asDouble(), within(1e-9));

        assertThat(lake.result(heat).get("accepted").asLong()).isZero();
    }

    @Test
    void aSourceThatThereIsNotIsAMistakeOfTheCall() throws IOException {
        LakeCommands.Ended ended = emptyLake().run("heat", "--source", "spool,kafka");
        assertThat(ended.exitCode()).isEqualTo(2);
        assertThat(ended.err()).contains("kafka").contains("spool, postgres, s3");
    }

    @Test
    void aFileThatCannotBeReadIsNamed() throws IOException {
        LakeCommands.Ended ended = emptyLake()
                .run(
                        "heat",
                        "--source",
                        "spool",
                        "--import",
                        folder.resolve("none.csv").toString());
        assertThat(ended.exitCode()).isNotZero();
        assertThat(ended.err()).contains("none.csv");
    }

    private LakeCommands emptyLake() throws IOException {
        Path home = Files.createDirectory(folder.resolve("home"));
        Files.writeString(home.resolve("lake.version"), "1\n");
        return new LakeCommands(home);
    }
}
