package io.datapunk.tiering.heat;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.policy.Accesses;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessRetentionTest {
    private static final Instant NOW = Instant.parse("2026-06-30T10:15:00Z");
    private static final String MARCH = "user_data.activity/month=2026-03";

    @TempDir
    private Path folder;

    private final SparkSession spark = SharedSpark.session();

    @Test
    void rawAccessesGoBeforeTheirCountsAndTheAuditLogSaysSoFirst() throws IOException {
        LakeHome home = home();
        write(home, "2026-03-01T10:00:00Z", "2026-04-15T10:00:00Z", "2026-06-30T10:00:00Z");
        run(home, NOW);
        assertThat(days(home, "access_log")).containsExactly("2026-04-15", "2026-06-30");
        assertThat(days(home, "access_hours")).containsExactly("2026-03-01", "2026-04-15", "2026-06-30");
        assertThat(audit(home).verify().intact()).isTrue();
        assertThat(Files.readAllLines(home.audit().resolve("log.ndjson")))
                .singleElement()
                .asString()
                .contains("\"action\":\"access.expire\",\"subject\":\"lake.access_log\"")
                .contains("\"before\":\"2026-04-01\"", "\"days\":\"1\"", "\"from\":\"2026-03-01\"");

        // The summary reaches back over the window and not beyond, whatever was removed.
        run(home, NOW.plus(Duration.ofDays(100)));
        run(home, NOW.plus(Duration.ofDays(100)));
        assertThat(days(home, "access_log")).isEmpty();
        assertThat(days(home, "access_hours")).containsExactly("2026-04-15", "2026-06-30");
    }

    @Test
    void aClockThatLeaptAheadRemovesNothingBeforeASecondRunHasSeenTheSame() {
        LakeHome home = home();
        write(home, "2026-06-30T10:00:00Z");
        run(home, NOW);
        HeatReport leap = run(home, NOW.plus(Duration.ofDays(4_000)));
        assertThat(leap.expiredDays()).isZero();
        run(home, NOW.plus(Duration.ofHours(1)));
        assertThat(days(home, "access_log")).containsExactly("2026-06-30");
        assertThat(HeatSummary.read(home.spool()).of(PartitionName.parse(MARCH)))
                .isEqualTo(Accesses.of(Map.of(Accesses.hourOf(Instant.parse("2026-06-30T10:00:00Z")), 1L)));
    }

    @Test
    void theFilesOfDaysThatAreOverAreJoinedAndNoAccessIsLost() {
        LakeHome home = home();
        for (int minute = 10; minute < 20; minute++) {
            write(home, "2026-06-29T10:" + minute + ":00Z");
            new HeatJob(spark, home, Duration.ofDays(90)).run(NOW, Progress.NONE);
        }
        assertThat(files(home, "access_log")).isEqualTo(10);
        run(home, NOW);
        assertThat(files(home, "access_log")).isEqualTo(1);
        assertThat(files(home, "access_hours")).isEqualTo(1);
        assertThat(HeatSummary.read(home.spool()).of(PartitionName.parse(MARCH)))
                .isEqualTo(Accesses.of(Map.of(Accesses.hourOf(Instant.parse("2026-06-29T10:00:00Z")), 10L)));
    }

    private HeatReport run(LakeHome home, Instant now) {
        AccessRetention retention = new AccessRetention(audit(home), Duration.ofDays(90), Duration.ofDays(180));
        return new HeatJob(
                        spark,
                        home,
                        Duration.ofDays(90),
                        List.of(new SpoolSource()),
                        Optional.of(retention),
                        FaultPoint.NONE)
                .run(now, Progress.NONE);
    }

    private static AuditLog audit(LakeHome home) {
        return new AuditLog(home.audit(), Duration.ofSeconds(10));
    }

    private static void write(LakeHome home, String... times) {
        new AccessSpool(home.spool())
                .write(List.of(times).stream()
                        .map(at -> new AccessLine(
                                Instant.parse(at), MARCH, "spark", 1, Optional.of("ann"), Optional.of("q" + at)))
                        .toList());
    }

    private List<String> days(LakeHome home, String table) {
        return spark
                .read()
                .format("delta")
                .load(home.root() + "/tables/lake/" + table)
                .select("day")
                .distinct()
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    private long files(LakeHome home, String table) {
        return spark.read()
                .format("delta")
                .load(home.root() + "/tables/lake/" + table)
                .inputFiles()
                .length;
    }

    private LakeHome home() {
        Path root = folder.resolve("lake");
        return new LakeHome(root.toString(), root);
    }
}
