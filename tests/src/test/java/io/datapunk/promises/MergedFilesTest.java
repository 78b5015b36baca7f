package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Merging small files changes no row, and what PostgreSQL serves of them stays as fresh as it was. */
class MergedFilesTest {
    private static final String MONTH = "user_data.activity/month=2024-05";

    @TempDir
    private Path folder;

    private LakeCommands lake;

    @BeforeEach
    void aHotMonthOfTwoFiles() throws IOException {
        // Commands of other tests go on in this session when the lake is gone.
        SharedSpark.session();
        lake = new LakeCommands(
                folder.resolve("lake"),
                Map.of("LAKE_TIERING_MINIMUM_SIZE", "1 B", "LAKE_MAINTENANCE_OPTIMIZE_FILES", "2"));
        for (String word : new String[] {"lakes", "punk"}) {
            Path export = new Exports(folder).zip(word + ".zip", Map.of(Exports.SEARCHES_PATH, Exports.searches(word)));
            lake.result("ingest", export.toString(), "--user", "ann");
        }
        lake.result("tier", "pin", MONTH, "--tier", "hot");
        lake.result("tier", "apply");
    }

    @AfterEach
    void stop() {
        lake.run("down");
    }

    @Test
    void aServedMonthIsMergedAndServedOn() {
        JsonNode task = lake.result("maintain", "run", "optimize").get("tasks").get(0);

        assertThat(task.get("problems")).isEmpty();
        assertThat(task.get("changed")).anySatisfy(changed -> {
            assertThat(changed.get("subject").asText()).isEqualTo(MONTH);
            assertThat(changed.get("quantity").asText()).isEqualTo("files");
            assertThat(changed.get("before").asInt()).isEqualTo(2);
            assertThat(changed.get("after").asInt()).isEqualTo(1);
        });
        assertThat(lake.result("tier", "status"))
                .filteredOn(partition -> partition.get("partition").asText().equals(MONTH))
                .extracting(partition -> partition.get("tier").asText())
                .containsExactly("HOT");
        assertThat(lake.query("SELECT title FROM user_data.activity ORDER BY title")
                        .toString())
                .isEqualTo("[[\"Searched for lakes\"],[\"Searched for punk\"]]");
    }
}
