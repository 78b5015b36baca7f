package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

/** Promise 7: the same facts and the same time make the same plan, and each of its rows says why. */
class DecidingIsPureTest {
    @Test
    void planIsTheSameEachTimeItIsMade() {
        JsonNode one = DemoLake.commands().result("tier", "plan", "--now", DemoLake.now());
        JsonNode other = DemoLake.commands().result("tier", "plan", "--now", DemoLake.now());

        assertThat(one).isEqualTo(other);
        assertThat(one.get("partitions"))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.get("reason").asText()).isNotBlank());
    }

    @Test
    void whatWasNotObservedDemotesNothing() {
        JsonNode plan = DemoLake.commands().result("tier", "plan", "--dry-run", "--now", "2100-01-01");

        assertThat(plan.get("partitions"))
                .noneSatisfy(row -> assertThat(row.get("to").asText()).isEqualTo("COLD"));
    }
}
