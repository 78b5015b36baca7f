package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.postgres.ServerSettings.Difference;
import io.datapunk.testkit.SharedPostgres;
import org.junit.jupiter.api.Test;

/** Advice on a real server; the one of the tests is set for a small machine that it shares. */
class OwnServerSettingsTest {
    @Test
    void settingsAreReadInTheUnitsThatTheServerTellsThemIn() {
        assertThat(ServerSettings.differences(SharedPostgres.emptyDatabase()))
                .extracting(Difference::setting)
                .contains("shared_buffers")
                .doesNotContain("checkpoint_timeout", "default_statistics_target");
    }
}
