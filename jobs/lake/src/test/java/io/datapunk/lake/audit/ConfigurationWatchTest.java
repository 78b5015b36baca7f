package io.datapunk.lake.audit;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationWatchTest {
    private static final Instant NOW = Instant.parse("2026-01-31T23:59:59Z");

    @TempDir
    private Path home;

    @Test
    void changedKeysStandInTheLogAndSecretsNowhere() throws IOException {
        look(Map.of(), Map.of());
        look(Map.of(), Map.of());
        assertThat(home.resolve("audit/log.ndjson")).doesNotExist();

        look(Map.of("LAKE_POSTGRES_PASSWORD", "correct horse"), Map.of("lake.ingest.split-size", "32 MiB"));
        look(Map.of("LAKE_POSTGRES_PASSWORD", "battery"), Map.of("lake.ingest.split-size", "32 MiB"));
        look(Map.of(), Map.of());

        assertThat(Files.readAllLines(home.resolve("audit/log.ndjson")))
                .hasSize(2)
                .allSatisfy(entry -> assertThat(entry)
                        .contains(
                                "\"action\":\"configuration.change\"",
                                "\"details\":{\"keys\":\"lake.ingest.split-size\",\"sha256\":\""));
        assertThat(Files.readString(home.resolve("audit/configuration")))
                .contains("lake.ingest.split-size ")
                .doesNotContain("lake.home");
    }

    private void look(Map<String, String> environment, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("lake.home", home.toString());
        LakeConfig config = LakeConfig.load(null, environment, all);
        new ConfigurationWatch(config, LakeHome.of(config)).look(NOW);
    }
}
