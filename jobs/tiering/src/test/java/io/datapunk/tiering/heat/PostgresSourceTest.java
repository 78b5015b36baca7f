package io.datapunk.tiering.heat;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.ScanCounters;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.policy.Accesses;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresSourceTest {
    private static final PartitionName JANUARY = PartitionName.parse("user_data.activity/month=2026-01");
    private static final PartitionName MARCH = PartitionName.parse("user_data.activity/month=2026-03");
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    private final PostgresConnection database = SharedPostgres.migratedDatabase();
    private final Instant now = Instant.now();

    @BeforeEach
    void serveTwoMonths() throws SQLException {
        execute(
                "CREATE SCHEMA user_data",
                "CREATE TABLE user_data.activity (id int, month text) PARTITION BY LIST (month)",
                leaf("jan", "2026-01"),
                leaf("mar", "2026-03"),
                "CREATE INDEX ON lake_hot.jan (id)");
    }

    @Test
    void aLeafsScansCountOnceOneAMinuteAtMost() throws SQLException {
        LakeHome home = home();
        run(home, database, now);
        assertThat(HeatSummary.read(home.spool()).partitions()).isZero();

        for (int query = 0; query < 5; query++) {
            execute("SELECT * FROM user_data.activity WHERE month = '2026-01'", "SELECT pg_stat_force_next_flush()");
        }
        execute("SELECT * FROM user_data.activity WHERE month = '2026-03'", "SELECT pg_stat_force_next_flush()");
        run(home, database, now.plus(Duration.ofMinutes(3)));
        run(home, database, now.plus(Duration.ofMinutes(4)));
        Map<PartitionName, Accesses> accesses = HeatSummary.read(home.spool()).accesses();
        assertThat(sum(accesses.get(JANUARY))).isEqualTo(3);
        assertThat(sum(accesses.get(MARCH))).isEqualTo(1);
    }

    @Test
    void countersThatBeginAgainLoseNoMoreThanWasNotSeen() throws SQLException {
        LakeHome home = home();
        execute("SELECT * FROM lake_hot.jan", "SELECT * FROM lake_hot.jan", "SELECT pg_stat_force_next_flush()");
        run(home, database, now);
        execute("SELECT pg_stat_reset_single_table_counters('lake_hot.jan'::regclass)");
        execute("SELECT * FROM lake_hot.jan", "SELECT pg_stat_force_next_flush()");
        run(home, database, now.plus(Duration.ofHours(1)));
        assertThat(sum(HeatSummary.read(home.spool()).of(JANUARY))).isEqualTo(1);
    }

    @Test
    void anotherServerIsLookedAtForTheFirstTime() throws SQLException {
        LakeHome home = home();
        run(home, database, now);
        PostgresConnection other = SharedPostgres.migratedDatabase();
        execute(
                other,
                "CREATE SCHEMA user_data",
                "CREATE TABLE user_data.activity (id int, month text) PARTITION BY LIST (month)",
                leaf("spare", "2025-01"),
                leaf("jan", "2026-01"),
                "SELECT * FROM lake_hot.jan",
                "SELECT * FROM lake_hot.jan",
                "SELECT pg_stat_force_next_flush()");
        run(home, other, now.plus(Duration.ofHours(1)));
        assertThat(HeatSummary.read(home.spool()).partitions()).isZero();
    }

    @Test
    void whatIsNotServedDoesNotCount() throws SQLException {
        execute("UPDATE lake.served SET state = 'RETIRED', retired_at = now() WHERE leaf = 'jan'");
        assertThat(ScanCounters.read(database, TIMEOUT))
                .extracting(ScanCounters.Counter::partition)
                .containsExactly(MARCH);
    }

    @Test
    void aServerThatDoesNotAnswerIsSaidAndStopsNothing() {
        PostgresConnection nowhere = new PostgresConnection("jdbc:postgresql://127.0.0.1:1/lake", "lake", () -> "");
        HeatReport report = run(home(), nowhere, now);
        assertThat(report.warnings().get(0))
                .startsWith("PostgreSQL does not answer, so reads of hot partitions are counted by the next run: ");
    }

    @Test
    void aDatabaseThatTheLakeNeverUsedHasNoCounters() {
        assertThat(ScanCounters.read(SharedPostgres.emptyDatabase(), TIMEOUT)).isEmpty();
    }

    private static String leaf(String name, String month) {
        return "CREATE TABLE lake_hot." + name + " PARTITION OF user_data.activity FOR VALUES IN ('" + month + "');"
                + "INSERT INTO lake.served (leaf, dataset, partition, delta_version, file_set_hash, epoch, state,"
                + " verified_at, served_at) VALUES ('" + name + "', 'user_data.activity', 'month=" + month
                + "', 1, '', 1, 'SERVING', now(), now())";
    }

    private HeatReport run(LakeHome home, PostgresConnection server, Instant at) {
        AccessSource source = new PostgresSource(() -> Optional.of(server), TIMEOUT);
        return new HeatJob(
                        SharedSpark.session(),
                        home,
                        Duration.ofDays(90),
                        List.of(source),
                        Optional.empty(),
                        FaultPoint.NONE)
                .run(at, Progress.NONE);
    }

    private void execute(String... statements) throws SQLException {
        execute(database, statements);
    }

    private static void execute(PostgresConnection database, String... statements) throws SQLException {
        try (Connection connection = SharedPostgres.connect(database);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static long sum(Accesses accesses) {
        long sum = 0;
        for (int bucket = 0; bucket < accesses.buckets(); bucket++) {
            sum += accesses.count(bucket);
        }
        return sum;
    }

    private LakeHome home() {
        Path root = folder.resolve("lake");
        return new LakeHome(root.toString(), root);
    }
}
