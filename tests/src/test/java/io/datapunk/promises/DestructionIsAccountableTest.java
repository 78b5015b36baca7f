package io.datapunk.promises;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.audit.AuditVerification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Promise 8: whatever deletes writes to the hash-chained audit log first. */
class DestructionIsAccountableTest {
    @Test
    void everyMoveThatRetiresFilesStandsInTheChain() throws IOException {
        DemoLake.result();
        Path folder = DemoLake.home().resolve("audit");

        AuditVerification chain = new AuditLog(folder, Duration.ofSeconds(10)).verify();

        assertThat(chain.intact()).as("%s", chain.damage()).isTrue();
        assertThat(text(folder)).contains("user_data.activity/month=");
        assertThat(text(folder)).as("names of people").doesNotContain("\"ann\"");
    }

    @Test
    void theLogOfACommandIsSignedWhenItEnds() {
        DemoLake.result();

        JsonNode found = DemoLake.commands().result("archive", "audit", "--verify");

        assertThat(found.get("damages")).isEmpty();
        assertThat(found.get("entries").asLong())
                .isPositive()
                .isEqualTo(found.get("signed_entries").asLong());
    }

    private static String text(Path folder) throws IOException {
        StringBuilder text = new StringBuilder();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                text.append(Files.readString(file));
            }
        }
        return text.toString();
    }
}
