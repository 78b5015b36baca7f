package io.datapunk.tiering.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.tiering.policy.Policy;
import io.datapunk.tiering.policy.ThresholdSettings;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TieringRulesTest {
    private static final DatasetName ACTIVITY = new DatasetName("user_data", "activity");
    private static final DatasetName MEDIA = new DatasetName("user_data", "media");

    @Test
    void theShippedConfigurationIsTheDesign() {
        TieringRules rules = TieringRules.of(LakeConfig.load(null, Map.of(), Map.of()));
        assertThat(rules.policies().apply(ACTIVITY)).isEqualTo(Policy.threshold(ThresholdSettings.DEFAULT));
        assertThat(rules)
                .hasToString(Policy.threshold(ThresholdSettings.DEFAULT)
                        + "; hot space 100 GiB, 256 GiB moved per run, 2 moves at a time, data of the last 7 d first");
        assertThat(rules.longestWindow()).isEqualTo(Duration.ofDays(90));
        assertThat(rules.name()).isEqualTo("threshold");
    }

    @Test
    void aDatasetMayHaveItsOwnThresholds() {
        TieringRules rules = TieringRules.of(LakeConfig.load(
                null,
                Map.of(),
                Map.of(
                        "lake.datasets.\"user_data.activity\".tiering.hot.enter-above", "5/h",
                        "lake.datasets.\"user_data.activity\".tiering.cold.minimum-age", "200 d")));
        assertThat(rules.policies().apply(ACTIVITY).toString()).startsWith("threshold: hot from 5/h over 24 h");
        assertThat(rules.policies().apply(MEDIA)).isEqualTo(Policy.threshold(ThresholdSettings.DEFAULT));
        assertThat(rules.longestWindow()).isEqualTo(Duration.ofDays(200));
    }
}
