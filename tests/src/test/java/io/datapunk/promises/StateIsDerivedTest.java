package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Promise 3: where a partition is, is read from what exists, never from a journal. */
class StateIsDerivedTest {
    @Test
    void filesUnderTheColdFolderMakeAPartitionCold() {
        TreeMap<String, String> tiers = new TreeMap<>();
        for (JsonNode row : DemoLake.commands().result("tier", "status", "--now", DemoLake.now())) {
            if (row.get("partition").asText().startsWith("user_data.activity/")) {
                tiers.put(
                        row.get("partition").asText().substring("user_data.activity/month=".length()),
                        row.get("files").asText());
            }
        }

        TreeMap<String, String> folders = new TreeMap<>();
        for (JsonNode row : DemoLake.commands()
                .query("select distinct month, if(input_file_name() like '%/cold/%', 'COLD', 'WARM')"
                        + " from user_data.activity")) {
            folders.merge(row.get(0).asText(), row.get(1).asText(), (one, other) -> "MIXED");
        }
        assertThat(tiers).isEqualTo(folders).containsValue("COLD").containsValue("WARM");
    }
}
