package io.datapunk.tiering.status;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Tier;
import io.datapunk.tiering.apply.InMemoryLake;
import io.datapunk.tiering.heat.HeatSummaries;
import io.datapunk.tiering.policy.Accesses;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TierStatusTest {
    private static final Instant NOW = Instant.parse("2026-06-25T10:15:00Z");
    private static final Instant OLD = NOW.minus(Duration.ofDays(200));

    @TempDir
    private Path folder;

    private final InMemoryLake lake = new InMemoryLake();

    @Test
    void everyPartitionSaysWhereItIsAndWhy() {
        lake.write("user_data.activity/month=2025-01", Tier.COLD, OLD, 4, "a");
        lake.write("user_data.activity/month=2025-02", Tier.COLD, OLD, 4, "b");
        lake.write("user_data.activity/month=2025-02", Tier.WARM, OLD, 2, "c", "d");
        lake.write("user_data.activity/month=2025-03", Tier.WARM, NOW.minus(Duration.ofDays(5)), 4, "e");
        lake.write("user_data.activity/month=2025-04", Tier.WARM, OLD, 4, "f");
        lake.serve("user_data.activity/month=2025-04");
        lake.write("user_data.activity/month=2025-05", Tier.WARM, OLD, 4, "g");
        lake.serve("user_data.activity/month=2025-05");
        lake.write("user_data.activity/month=2025-05", Tier.WARM, OLD, 4, "h");
        // Twelve in one hour of ninety days are 0.93 a week.
        Accesses few = Accesses.of(Map.of(Accesses.hourOf(NOW) - 1000, 12L));
        Accesses some = Accesses.of(Map.of(Accesses.hourOf(NOW), 24L));
        heat(Map.of(
                PartitionName.parse("user_data.activity/month=2025-03"), few,
                PartitionName.parse("user_data.activity/month=2025-04"), some,
                PartitionName.parse("user_data.activity/month=2025-05"), some));

        assertThat(lines())
                .containsExactly(
                        "user_data.activity/month=2025-01 COLD 1 rows 4 MiB: 0/week over 72 h (leaves cold from 1/day)",
                        "user_data.activity/month=2025-02 MIXED 3 rows 6 MiB: "
                                + "to COLD: no access and no write for 200 d (warm goes cold after 90 d)",
                        "user_data.activity/month=2025-03 WARM 1 rows 4 MiB: "
                                + "0.93/week over 90 d, but written 5 d ago (not cold within 90 d)",
                        "user_data.activity/month=2025-04 HOT 1 rows 4 MiB: 1.69/h over 24 h (leaves hot below 1/day)",
                        "user_data.activity/month=2025-05 STALE 2 rows 8 MiB: to HOT: its files changed since it was"
                                + " loaded; 1.69/h over 24 h (leaves hot below 1/day)");
    }

    @Test
    void withoutPostgresTheTierIsUnknownButTheFilesAreNot() {
        lake.write("user_data.activity/month=2025-01", Tier.COLD, OLD, 4, "a");
        lake.stopPostgres();
        heat(Map.of());
        assertThat(lines())
                .containsExactly("user_data.activity/month=2025-01 UNKNOWN 1 rows 4 MiB: "
                        + "PostgreSQL is out of reach: what it serves is not known");
        assertThat(statuses().get(0).files()).hasToString("COLD");
    }

    @Test
    void anEmptyLakeHasNoPartitions() {
        assertThat(statuses()).isEmpty();
    }

    private List<String> lines() {
        return statuses().stream()
                .map(status -> "%s %s %d rows %d MiB: %s"
                        .formatted(
                                status.partition(),
                                status.placement(),
                                status.rows(),
                                status.bytes() >> 20,
                                status.reason()))
                .toList();
    }

    private List<PartitionStatus> statuses() {
        return new TierStatus(LakeConfig.load(null, Map.of(), Map.of()), home(), lake).partitions(NOW);
    }

    private void heat(Map<PartitionName, Accesses> accesses) {
        HeatSummaries.write(home(), NOW.minus(Duration.ofDays(365)), NOW, accesses);
    }

    private LakeHome home() {
        return new LakeHome(folder.toString(), folder);
    }
}
