package io.datapunk.analytics.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.analytics.report.LakeReport.Partition;
import io.datapunk.analytics.report.LakeReport.TierCost;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.TieringConfig.Prices;
import io.datapunk.lake.config.TieringConfig.TierPrices;
import io.datapunk.lake.delta.TableSnapshot;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.TableShape;
import io.datapunk.lake.postgres.Served;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class PartitionMapTest {
    private static final DatasetName ACTIVITY = new DatasetName("user_data", "activity");
    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final long GIGABYTE = 1_000_000_000;

    private final PartitionFiles hot = files("2026-05", "part-0.parquet", 2 * GIGABYTE);
    private final PartitionFiles stale = files("2026-04", "part-1.parquet", GIGABYTE);
    private final PartitionFiles cold = files("2026-03", "cold/part-2.parquet", 4 * GIGABYTE);

    private final PartitionMap map = new PartitionMap(
            Map.of(
                    hot.partition(), served(hot, hot.fileSetHash(), Served.State.SERVING),
                    stale.partition(), served(stale, "of older files", Served.State.SERVING),
                    cold.partition(), served(cold, cold.fileSetHash(), Served.State.RETIRED)),
            Map.of(
                    "user_data.activity/month=2026-05", 100L,
                    "user_data.activity/month=2026-04", 10L,
                    "user_data.activity/month=2026-03", 1L));

    PartitionMapTest() {
        map.add(new TableSnapshot(
                ACTIVITY, 3, NOW, new TableShape(ACTIVITY, List.of(), List.of("month")), List.of(hot, stale, cold)));
    }

    @Test
    void aPartitionIsHotWhilePostgresServesItsFiles() {
        assertThat(map.datasets()).containsExactly("user_data.activity");
        assertThat(map.partitions())
                .containsExactly(
                        new Partition(0, "month=2026-05", "HOT", 2 * GIGABYTE, 7L, 100),
                        new Partition(0, "month=2026-04", "STALE", GIGABYTE, 7L, 10),
                        new Partition(0, "month=2026-03", "COLD", 4 * GIGABYTE, 7L, 1));
    }

    @Test
    void storageIsPaidWhereverBytesLieAndAccessesWhereTheyAreAnswered() {
        List<TierCost> costs = map.costs(new Prices(
                prices(10, 0.001, 0),
                prices(1, 0.01, 0.1),
                prices(0.1, 0.1, 1),
                LakeConfig.load(null, Map.of(), Map.of()).tiering().prices().move()));

        assertThat(costs).extracting(TierCost::tier).containsExactly("HOT", "WARM", "COLD");
        assertThat(costs).extracting(TierCost::partitions).containsExactly(1L, 1L, 1L);
        assertThat(costs).extracting(TierCost::bytes).containsExactly(6 * GIGABYTE, 3 * GIGABYTE, 4 * GIGABYTE);
        assertDollars(costs.get(0), 60, 0.1);
        // Ten accesses, each to a gigabyte.
        assertDollars(costs.get(1), 3, 0.1 + 1);
        assertDollars(costs.get(2), 0.4, 0.1 + 4);
    }

    private static void assertDollars(TierCost cost, double storage, double accesses) {
        assertThat(cost.storageDollars()).isCloseTo(storage, Offset.offset(1e-9));
        assertThat(cost.accessDollars()).isCloseTo(accesses, Offset.offset(1e-9));
    }

    private static TierPrices prices(double storage, double access, double read) {
        return new TierPrices(storage, access, read, Duration.ZERO);
    }

    private static PartitionFiles files(String month, String path, long bytes) {
        return new PartitionFiles(
                PartitionName.of(ACTIVITY, "month", month),
                3,
                List.of(new DataFile(path, bytes, NOW.toEpochMilli(), 7, Map.of(), "")));
    }

    private static Served served(PartitionFiles files, String fileSetHash, Served.State state) {
        return new Served(files.partition(), 3, fileSetHash, 1, state, 3 * GIGABYTE, 7, NOW);
    }
}
