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

    @Test
    void theHoldsOfARestoredLakeAreThoseOfItsAuditLog() throws IOException {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.home", folder.toString()));
        LakeHome home = LakeHome.open(config);
        HoldJob job = new HoldJob(config, home);
        Hold released = new Hold(
                "00000001", Optional.empty(), Optional.empty(), Optional.of(NOW), Optional.empty(), "case 1", NOW);
        Hold kept = new Hold(
                "00000002", Optional.empty(), Optional.empty(), Optional.empty(), Optional.of(NOW), "case 2", NOW);
        job.place(released);
        job.place(kept);
        Path file = home.local().resolve("holds.json");
        byte[] backup = Files.readAllBytes(file);
        job.release(released.id(), NOW);
        job.place(HOLD);
        Files.write(file, backup);

        job.replay();

        Hold again = new Hold(
                HOLD.id(),
                HOLD.userId(),
                HOLD.dataset(),
                HOLD.from(),
                HOLD.to(),
                "placed before the lake was restored; the audit log has no reasons",
                NOW);
        assertThat(job.holds()).containsExactly(kept, again);
        job.replay();
        assertThat(job.holds()).containsExactly(kept, again);
    }
}
