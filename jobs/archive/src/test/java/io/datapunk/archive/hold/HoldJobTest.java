package io.datapunk.archive.hold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HoldJobTest {
    private static final Instant NOW = Instant.parse("2026-11-26T06:00:00Z");
    private static final Hold HOLD = new Hold(
            "1f9a03b7",
            Optional.of("a".repeat(32)),
            Optional.of(DatasetName.parse("user_data.messages")),
            Optional.empty(),
            Optional.empty(),
            "Ann Smith against Bob",
            NOW);

    @TempDir
    private Path folder;

    @Test
    void holdsStandInTheAuditLogWithoutWhatMayNameAPerson() throws IOException {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", folder.toString()));
        LakeHome home = LakeHome.open(config);
        HoldJob job = new HoldJob(config, home);

        job.place(HOLD);
        assertThat(job.holds()).containsExactly(HOLD);
        assertThat(job.release(HOLD.id(), NOW)).isEqualTo(HOLD);

        assertThat(job.holds()).isEmpty();
        assertThat(Files.readString(home.audit().resolve("log.ndjson")))
                .contains(
                        "\"action\":\"hold.place\",\"subject\":\"1f9a03b7\",\"details\":{\"dataset\":\"user_data.messages\","
                                + "\"user\":\"" + "a".repeat(32) + "\"}")
                .contains("\"action\":\"hold.release\",\"subject\":\"1f9a03b7\"")
                .doesNotContain("Ann");
        assertThatThrownBy(() -> job.release(HOLD.id(), NOW))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("there is no hold '1f9a03b7'");
    }
}
