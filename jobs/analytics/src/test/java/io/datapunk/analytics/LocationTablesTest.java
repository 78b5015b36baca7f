package io.datapunk.analytics;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.analytics.location.Movements;
import io.datapunk.analytics.location.Places;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.PlacesTable;
import io.datapunk.lake.model.table.StaysTable;
import io.datapunk.lake.model.table.TripsTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocationTablesTest {
    private static final Duration DURATION = Duration.ofMinutes(20);
    private static final Duration SILENCE = Duration.ofHours(12);

    @TempDir
    private Path folder;

    @Test
    void staysTripsAndPlacesOfEachPerson() {
        AnalyticsFixture lake = new AnalyticsFixture(folder, Map.of());
        lake.append(
                LocationsTable.DEFINITION,
                "user_id, event_time, latitude, longitude",
                "('ann', '2026-01-05 10:00', 48.0, 11.0)",
                "('ann', '2026-01-05 10:30', 48.0, 11.0)",
                "('ann', '2026-01-05 10:40', 48.05, 11.0)",
                "('ann', '2026-01-05 11:00', 48.1, 11.0)",
                "('ann', '2026-01-05 12:00', 48.1, 11.0)",
                "('ann', '2026-02-05 10:00', 48.0, 11.0)",
                "('ann', '2026-02-05 10:40', 48.0, 11.0)",
                "('bob', '2026-01-05 10:00', 50.0, 11.0)",
                "('bob', '2026-01-05 10:20', 50.0, 11.0)",
                "('bob', '2026-01-05 10:25', 95.0, 11.0)",
                "('bob', '2026-01-05 10:25', null, null)",
                "('bob', null, 50.0, 11.0)");

        lake.publish(Movements.stays(200, DURATION, SILENCE), Movements.trips(200, DURATION, SILENCE), new Places(200));

        assertThat(lake.values(
                        StaysTable.DEFINITION, "user_id", "started_at", "seconds", "latitude", "points", "month"))
                .containsExactly(
                        "[ann,2026-01-05 10:00:00,1800,48.0,2,2026-01]",
                        "[ann,2026-01-05 11:00:00,3600,48.1,2,2026-01]",
                        "[ann,2026-02-05 10:00:00,2400,48.0,2,2026-02]",
                        "[bob,2026-01-05 10:00:00,1200,50.0,2,2026-01]");
        assertThat(lake.values(
                        TripsTable.DEFINITION,
                        "user_id",
                        "started_at",
                        "ended_at",
                        "seconds",
                        "round(distance_m)",
                        "round(straight_m)",
                        "points"))
                .containsExactly("[ann,2026-01-05 10:30:00,2026-01-05 11:00:00,1800,11120.0,11120.0,1]");
        assertThat(lake.values(PlacesTable.DEFINITION, "user_id", "place", "latitude", "stays", "seconds", "last_at"))
                .as("home has more time than work, over both months")
                .containsExactly(
                        "[ann,1,48.0,2,4200,2026-02-05 10:40:00]",
                        "[ann,2,48.1,1,3600,2026-01-05 12:00:00]",
                        "[bob,1,50.0,1,1200,2026-01-05 10:20:00]");
    }
}
