package io.datapunk.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.analytics.usage.DatasetUsage;
import io.datapunk.analytics.usage.HotSpots;
import io.datapunk.lake.model.table.DatasetUsageTable;
import io.datapunk.lake.model.table.HotSpotsTable;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UsageTablesTest {
    @TempDir
    private Path folder;

    @Test
    void accessesAreSummedUpByDatasetAndTheHottestPartitionsAreNamed() {
        AnalyticsFixture lake = new AnalyticsFixture(folder, Map.of());
        lake.accesses(
                "('2026-05-01 10:00', 'user_data.activity/month=2026-01', 3)",
                "('2026-05-01 11:00', 'user_data.activity/month=2026-01', 1)",
                "('2026-05-01 11:00', 'user_data.activity/month=2026-02', 2)",
                "('2026-05-02 09:00', 'user_data.activity/month=2026-02', 2)",
                "('2026-05-02 09:00', 'user_data.contacts', 5)");

        lake.publish(new DatasetUsage(), new HotSpots(1));

        assertThat(lake.values(
                        DatasetUsageTable.DEFINITION,
                        "dataset",
                        "day",
                        "accesses",
                        "partitions",
                        "busiest_hour",
                        "busiest_accesses",
                        "month"))
                .as("of two hours with three accesses the first is the busiest")
                .containsExactly(
                        "[user_data.activity,2026-05-01,6,2,10,3,2026-05]",
                        "[user_data.activity,2026-05-02,2,1,9,2,2026-05]",
                        "[user_data.contacts,2026-05-02,5,1,9,5,2026-05]");
        assertThat(lake.values(HotSpotsTable.DEFINITION, "dataset", "rank", "partition", "accesses", "share", "days"))
                .containsExactly(
                        "[user_data.activity,1,user_data.activity/month=2026-01,4,0.5,1]",
                        "[user_data.activity,1,user_data.activity/month=2026-02,4,0.5,2]",
                        "[user_data.contacts,1,user_data.contacts,5,1.0,1]");
    }
}
