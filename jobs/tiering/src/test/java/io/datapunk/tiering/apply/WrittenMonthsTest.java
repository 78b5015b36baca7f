package io.datapunk.tiering.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresMigrations;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.SimulatedCrash;
import io.datapunk.tiering.heat.AccessSpool;
import io.datapunk.tiering.heat.HeatJob;
import io.datapunk.tiering.heat.SimulatedAccesses;
import io.datapunk.tiering.plan.StoredLake;
import io.datapunk.tiering.policy.Rate;
import io.datapunk.tiering.status.TierStatus;
import io.datapunk.tiering.sync.TierSyncJob;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Months that applications write, on their way out of PostgreSQL and back, while the writing goes on. */
@Tag("full")
class WrittenMonthsTest {
    private static final DatasetName HEALTH = new DatasetName("ops", "health_metrics");
    private static final String HERE = YearMonth.now(ZoneOffset.UTC).toString();
    private static final String MONTH = HEALTH + "/month=" + HERE;

    @TempDir
    private Path folder;

    private final SparkSession spark = SharedSpark.session();
    private final PostgresConnection postgres = SharedPostgres.migratedDatabase();
    private final LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.tiering.minimum-size", "0 B"));
    private final Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
    private LakeHome home;

    @BeforeEach
    void open() {
        home = new LakeHome(folder.toString(), folder);
        PostgresMigrations.migrateOperational(postgres);
        new TierSyncJob(config, home, () -> spark, postgres).run(now);
    }

    @Test
    void aMonthLeavesWithItsLastWritesAndComesBackWithThoseSince() throws SQLException {
        execute(
                "INSERT INTO ops.health_metrics (component, status) SELECT 'c' || n, 'up' FROM generate_series(1, 100) n");
        apply(now, FaultPoint.NONE);
        assertThat(placements(now)).containsExactly(MONTH + " HOT");

        // Nobody reads it for 31 days: it leaves, though somebody has written just before.
        Instant later = now.plus(Duration.ofDays(31));
        execute("UPDATE ops.health_metrics SET status = 'down' WHERE component = 'c7'");
        assertThat(apply(later, FaultPoint.NONE)).containsExactly(MONTH + " DONE");
        assertThat(placements(later)).containsExactly(MONTH + " WARM");
        assertThat(inDelta("status = 'down'")).containsExactly("c7");
        assertThat(inPostgres("true")).isEmpty();

        execute("INSERT INTO ops.health_metrics (component, status) VALUES ('c101', 'new')");
        assertThatThrownBy(() -> execute("UPDATE ops.health_metrics SET status = 'x' WHERE month = '" + HERE + "'"))
                .hasMessageContaining("PostgreSQL does not serve");
        read(later);
        // Written between the sync of the run and the swap of its leaf.
        AtomicInteger loads = new AtomicInteger();
        assertThat(apply(later, step -> {
                    if (step.equals("hot.verified")) {
                        loads.incrementAndGet();
                        writeInTheInbox();
                    }
                }))
                .containsExactly(MONTH + " DONE");
        assertThat(loads).hasValue(1);
        assertThat(inPostgres("status IN ('new', 'in between')")).containsExactly("c101", "c102");
        assertThat(inDelta("status IN ('new', 'in between')")).containsExactly("c101");
        execute("DELETE FROM ops.health_metrics WHERE component = 'c1'");

        apply(later, FaultPoint.NONE);

        assertThat(inDelta("true")).isEqualTo(inPostgres("true")).hasSize(101).doesNotContain("c1");
        assertThat(placements(later)).containsExactly(MONTH + " HOT");
    }

    private void writeInTheInbox() {
        try {
            execute("INSERT INTO ops.health_metrics (component, status) VALUES ('c102', 'in between')");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aRunThatDiesWhileAMonthLeavesIsFinishedByTheNext() throws SQLException {
        execute("INSERT INTO ops.health_metrics (component, status) VALUES ('c1', 'up')");
        apply(now, FaultPoint.NONE);
        Instant begin = now;
        for (String step : List.of("drain.closed", "drain.synced", "drain.verified", "unserve.done")) {
            Instant later = begin.plus(Duration.ofDays(31));
            execute("INSERT INTO ops.health_metrics (component, status) VALUES ('before " + step + "', 'up')");
            assertThatThrownBy(() -> apply(later, SimulatedCrash.at(step, 1))).isInstanceOf(SimulatedCrash.class);
            apply(later, FaultPoint.NONE);
            assertThat(placements(later)).containsExactly(MONTH + " WARM");
            execute("INSERT INTO ops.health_metrics (component, status) VALUES ('" + step + "', 'up')");
            read(later);
            apply(later, FaultPoint.NONE);
            assertThat(placements(later)).containsExactly(MONTH + " HOT");
            assertThat(inPostgres("true")).isEqualTo(inDelta("true")).contains(step);
            begin = later;
        }
    }

    @Test
    void writersThatNeverStopLoseNothingWhileTheMonthComesAndGoes() throws Exception {
        execute("INSERT INTO ops.health_metrics (component, status) VALUES ('first', '0')");
        apply(now, FaultPoint.NONE);
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<List<String>>> writers = new ArrayList<>();
        for (int writer = 0; writer < 3; writer++) {
            String name = "w" + writer + "-";
            writers.add(CompletableFuture.supplyAsync(() -> write(name, stop)));
        }
        Instant later = now;
        for (int round = 0; round < 2; round++) {
            later = later.plus(Duration.ofDays(31));
            apply(later, FaultPoint.NONE);
            read(later);
            apply(later, FaultPoint.NONE);
        }
        stop.set(true);
        TreeSet<String> committed = new TreeSet<>(List.of("first"));
        for (CompletableFuture<List<String>> writer : writers) {
            committed.addAll(writer.get());
        }
        apply(later, FaultPoint.NONE);

        assertThat(committed).hasSizeGreaterThan(10);
        assertThat(inDelta("true")).containsExactlyElementsOf(committed);
        assertThat(placements(later)).containsExactly(MONTH + " HOT");
        assertThat(inPostgres("true")).containsExactlyElementsOf(committed);
    }

    /** Inserts until it is told to stop; what is refused is tried again, as applications do. */
    private List<String> write(String name, AtomicBoolean stop) {
        List<String> committed = new ArrayList<>();
        while (!stop.get()) {
            String component = name + committed.size();
            try {
                execute("INSERT INTO ops.health_metrics (component, status) VALUES ('" + component + "', 'up')");
                committed.add(component);
                Thread.sleep(20);
            } catch (SQLException refused) {
                assertThat(refused.getMessage()).contains("at the moment");
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
        }
        return committed;
    }

    private List<String> apply(Instant at, FaultPoint fault) {
        new HeatJob(spark, home, Duration.ofDays(90)).run(at, Progress.NONE);
        return TierApplyJob.of(config, home, () -> spark, postgres, Progress.NONE, fault).run(at).results().stream()
                .map(result -> result.partition() + " " + result.state()
                        + result.problem()
                                .map(problem -> ": " + problem.getMessage())
                                .orElse(""))
                .toList();
    }

    /** So often within the day that the month deserves to be hot. */
    private void read(Instant until) {
        SimulatedAccesses accesses = new SimulatedAccesses(1);
        accesses.read(PartitionName.parse(MONTH), Rate.perHour(30), until.minus(Duration.ofDays(1)), until);
        new AccessSpool(home.spool()).write(accesses.lines());
    }

    private List<String> placements(Instant at) {
        return new TierStatus(config, home, StoredLake.of(config, home, postgres))
                .partitions(at).stream()
                        .filter(status -> status.partition().dataset().equals(HEALTH))
                        .map(status -> status.partition() + " " + status.placement())
                        .toList();
    }

    private List<String> inDelta(String condition) {
        return spark
                .read()
                .format("delta")
                .load(home.tablePath(HEALTH))
                .where(condition)
                .select("component")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    /** As an analyst sees it. */
    private List<String> inPostgres(String condition) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = SharedPostgres.connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute("SET ROLE lake_analyst");
            ResultSet rows = statement.executeQuery("SELECT component FROM ops.health_metrics WHERE " + condition
                    + " ORDER BY component COLLATE \"C\"");
            while (rows.next()) {
                found.add(rows.getString(1));
            }
        }
        return found;
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = SharedPostgres.connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
