package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that fills up is relieved of what PostgreSQL serves; Delta keeps every row. */
class RelievedDiskTest {
    private static final String MONTH = "user_data.activity/month=2024-05";

    @TempDir
    private Path folder;

    private LakeCommands lake;

    @BeforeEach
    void aLakeWithAHotMonth() throws IOException {
        lake = new LakeCommands(folder.resolve("lake"), Map.of("LAKE_TIERING_MINIMUM_SIZE", "1 B"));
        Path export =
                new Exports(folder).zip("good.zip", Map.of(Exports.SEARCHES_PATH, Exports.searches("lakes", "punk")));
        lake.result("ingest", export.toString(), "--user", "ann");
        lake.result("tier", "pin", MONTH, "--tier", "hot");
        lake.result("tier", "apply");
        assertThat(tier()).isEqualTo("HOT");
    }

    @AfterEach
    void stop() {
        lake.run("down");
    }

    @Test
    void theColdestLeavesPostgresqlAndNoRowIsLost() {
        // This disk is as full as it is.
        Map<String, String> full = new HashMap<>(lake.environment());
        full.put("LAKE_MAINTENANCE_REMEDIATION_DISK_COMPRESS_LOGS", "1");
        full.put("LAKE_MAINTENANCE_REMEDIATION_DISK_CLEAN_TEMPORARY", "0.001");
        full.put("LAKE_MAINTENANCE_REMEDIATION_DISK_MOVE_COLDEST", "0.001");
        LakeCommands onFullDisk = new LakeCommands(lake.home(), full);

        JsonNode responses = onFullDisk.result("maintain", "remediate").get("responses");

        assertThat(responses.findValuesAsText("trigger")).containsExactly("disk_temporary", "disk_data");
        assertThat(responses.get(1).get("actions").toString()).contains("move " + MONTH + " from HOT to WARM");
        assertThat(tier()).isEqualTo("WARM");
        assertThat(lake.query("SELECT title FROM user_data.activity ORDER BY title")
                        .toString())
                .isEqualTo("[[\"Searched for lakes\"],[\"Searched for punk\"]]");
        assertThat(onFullDisk
                        .result("maintain", "remediate")
                        .get("responses")
                        .get(1)
                        .get("cooling_until")
                        .asText())
                .as("it is not done again within the hour")
                .isNotEmpty();
    }

    private String tier() {
        for (JsonNode partition : lake.result("tier", "status")) {
            if (partition.get("partition").asText().equals(MONTH)) {
                return partition.get("tier").asText();
            }
        }
        throw new AssertionError("no " + MONTH);
    }
}
