package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Promise 6: the same input again adds nothing. */
class IdempotentTest {
    @Test
    void secondIngestOfTheSameExportAddsNoRow() {
        Map<String, Long> before = rows();
        List<String> command = new ArrayList<>(List.of("ingest", "--user", "ann"));
        DemoLake.export().stream().map(Path::toString).forEach(command::add);

        JsonNode again = DemoLake.commands().result(command.toArray(String[]::new));

        JsonNode first = DemoLake.result().get("ingest").get("counts");
        assertThat(again.get("counts").get("accepted").asLong()).isZero();
        assertThat(again.get("counts").get("read").asLong())
                .isEqualTo(first.get("read").asLong());
        assertThat(again.get("counts").get("quarantined").asLong())
                .isEqualTo(first.get("quarantined").asLong());
        assertThat(rows()).isEqualTo(before);
    }

    @Test
    void secondApplyAtTheSameTimeMovesNothing() {
        JsonNode again = DemoLake.commands().result("tier", "apply", "--now", DemoLake.now());

        assertThat(again.get("moves")).isEmpty();
    }

    private static Map<String, Long> rows() {
        Map<String, Long> rows = new java.util.TreeMap<>();
        Stream.of(
                        "user_data.activity",
                        "user_data.messages",
                        "user_data.locations",
                        "user_data.media",
                        "imports.records",
                        "imports.quarantine")
                .forEach(table -> rows.put(
                        table,
                        DemoLake.commands()
                                .query("select count(*) from " + table)
                                .get(0)
                                .get(0)
                                .asLong()));
        return rows;
    }
}
