package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Promise 1: every accepted row is in its Delta table, whatever its tier; hot is a serving copy. */
class DeltaIsCompleteTest {
    @Test
    void eachAcceptedRecordIsARowOfItsTableThoughItsPartitionsLieInAllTiers() {
        assertThat(tiers()).contains("HOT", "WARM", "COLD");

        for (JsonNode dataset : DemoLake.result().get("ingest").get("datasets")) {
            String name = dataset.get("dataset").asText();
            long rows = DemoLake.commands()
                    .query("select count(*) from " + name)
                    .get(0)
                    .get(0)
                    .asLong();
            assertThat(rows).as(name).isEqualTo(dataset.get("accepted").asLong());
        }
    }

    private static List<String> tiers() {
        List<String> tiers = new ArrayList<>();
        DemoLake.result()
                .get("tier_status")
                .forEach(partition -> tiers.add(partition.get("tier").asText()));
        return tiers;
    }
}
