package io.datapunk.tiering.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.SimulatedCrash;
import io.datapunk.tiering.heat.AccessSpool;
import io.datapunk.tiering.heat.HeatJob;
import io.datapunk.tiering.heat.SimulatedAccesses;
import io.datapunk.tiering.plan.StoredLake;
import io.datapunk.tiering.plan.TierPlan;
import io.datapunk.tiering.plan.TierPlanJob;
import io.datapunk.tiering.policy.Rate;
import io.datapunk.tiering.status.TierStatus;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The way of a user: heat, plan, apply, status on real Delta files and a real PostgreSQL. */
class TieringOnDeltaTest {
    private static final String BUSY = "user_data.activity/month=2026-03";
    private static final String USED = "user_data.activity/month=2026-02";
    private static final String IDLE = "user_data.activity/month=2026-01";

    @TempDir
    private Path folder;

    private final SparkSession spark = SharedSpark.session();
    private final PostgresConnection postgres = SharedPostgres.migratedDatabase();
    private final LakeConfig config = LakeConfig.load(null, Map.of(), Map.of("lake.tiering.minimum-size", "0 B"));

    @Test
    void partitionsFollowTheirHeatAndEveryReaderSeesTheSameRows() throws SQLException {
        LakeHome home = new LakeHome(folder.toString(), folder);
        ActivityRows.append(spark, home, "2026-01", 300);
        ActivityRows.append(spark, home, "2026-02", 200);
        ActivityRows.append(spark, home, "2026-03", 100);
        RowChecksum before = rows(home);
        assertThat(before.rows()).isEqualTo(600);

        // Nobody can wait for the cold window: its 90 days are simulated.
        Instant begin = Instant.now().truncatedTo(ChronoUnit.HOURS);
        Instant now = begin.plus(Duration.ofDays(120));
        SimulatedAccesses accesses = new SimulatedAccesses(1);
        accesses.read(PartitionName.parse(USED), Rate.perDay(6), begin, now);
        accesses.read(PartitionName.parse(BUSY), Rate.perHour(15), now.minus(Duration.ofDays(2)), now);
        new AccessSpool(home.spool()).write(accesses.lines());
        heat(home, now);

        TierPlan plan = new TierPlanJob(config, home, lake(home)).run(now);
        TierApplyReport report = job(home, FaultPoint.NONE).run(plan.id(), now);
        assertThat(report.failure()).isEmpty();
        assertThat(placements(home, now))
                .containsExactly(IDLE + " COLD 300 rows", USED + " WARM 200 rows", BUSY + " HOT 100 rows");
        assertThat(rows(home)).isEqualTo(before);
        assertThat(servedRows("user_data.activity")).isEqualTo(100);
        assertThat(journal(home)).containsExactly(IDLE + " WARM COLD 300 done", BUSY + " WARM HOT 100 done");
        assertThat(job(home, FaultPoint.NONE).run(now).results()).isEmpty();

        // A day later the cold month is read and the hot one is not; the run dies after the files of the first moved.
        Instant later = now.plus(Duration.ofDays(2));
        SimulatedAccesses more = new SimulatedAccesses(2);
        more.read(PartitionName.parse(IDLE), Rate.perHour(30), later.minus(Duration.ofDays(1)), later);
        new AccessSpool(home.spool()).write(more.lines());
        heat(home, later);
        assertThatThrownBy(
                        () -> job(home, SimulatedCrash.at("move.committed", 1)).run(later))
                .isInstanceOf(SimulatedCrash.class);
        assertThat(placements(home, later))
                .containsExactly(IDLE + " WARM 300 rows", USED + " WARM 200 rows", BUSY + " WARM 100 rows");
        assertThat(rows(home)).isEqualTo(before);

        TierApplyReport rerun = job(home, FaultPoint.NONE).run(later);
        assertThat(rerun.resumed()).isTrue();
        assertThat(rerun.failure()).isEmpty();
        assertThat(placements(home, later))
                .containsExactly(IDLE + " HOT 300 rows", USED + " WARM 200 rows", BUSY + " WARM 100 rows");
        assertThat(rows(home)).isEqualTo(before);
        assertThat(servedRows("user_data.activity")).isEqualTo(300);
        assertThat(journal(home))
                .containsExactly(
                        IDLE + " COLD HOT 300 done",
                        IDLE + " WARM COLD 300 done",
                        BUSY + " HOT WARM 100 done",
                        BUSY + " WARM HOT 100 done");

        // To cold, to hot, and read again: three ways to the same sum.
        PartitionName idle = PartitionName.parse(IDLE);
        RowChecksum sum = new DeltaFileMover(config, home, () -> spark, now)
                .checksum(lake(home)
                        .snapshot(idle.dataset())
                        .orElseThrow()
                        .partition(idle)
                        .orElseThrow());
        assertThat(checksums(home, IDLE)).containsExactly(sum.hex(), sum.hex());

        // Rows that arrive make the served copy stale; the next run loads it again.
        ActivityRows.append(spark, home, "2026-01", 50);
        assertThat(placements(home, later)).contains(IDLE + " STALE 350 rows");
        assertThat(job(home, FaultPoint.NONE).run(later).failure()).isEmpty();
        assertThat(placements(home, later)).contains(IDLE + " HOT 350 rows");
        assertThat(servedRows("user_data.activity")).isEqualTo(350);
    }

    @Test
    void tablesOfOthersAreServedTooAndWhatPostgresCannotHoldIsTriedOnce() throws SQLException {
        LakeHome home = new LakeHome(folder.toString(), folder);
        foreign(home, "shop.sales", "map('tax', cast(id as decimal(38,18))) as amounts", "date '2026-03-01'");
        foreign(home, "shop.notes", "concat('secret', char(0)) as note", "'fr'");
        foreign(home, "shop.events", "parse_json('1') as event", "'fr'");
        Instant now = Instant.now().truncatedTo(ChronoUnit.HOURS);
        SimulatedAccesses accesses = new SimulatedAccesses(3);
        for (String partition : List.of("shop.sales/unit=2026-03-01", "shop.notes/unit=fr", "shop.events/unit=fr")) {
            accesses.read(PartitionName.parse(partition), Rate.perHour(15), now.minus(Duration.ofDays(2)), now);
        }
        new AccessSpool(home.spool()).write(accesses.lines());
        heat(home, now);

        TierPlan plan = new TierPlanJob(config, home, lake(home)).run(now);
        assertThat(plan.moves())
                .extracting(move -> move.partition().toString())
                .containsExactly("shop.notes/unit=fr", "shop.sales/unit=2026-03-01");
        assertThat(plan.partitions().get(0).decision().reason())
                .endsWith(
                        "but PostgreSQL cannot serve it: column event is variant, which PostgreSQL cannot hold exactly");

        TierApplyReport report = job(home, FaultPoint.NONE).run(plan.id(), now);
        assertThat(report.results())
                .extracting(result -> result.partition() + " " + result.state())
                .containsExactly("shop.notes/unit=fr FAILED", "shop.sales/unit=2026-03-01 DONE");
        assertThat(servedRows("shop.sales WHERE unit = '2026-03-01' AND (amounts ->> 'tax')::numeric = id"))
                .isEqualTo(20);

        TierPlan next = new TierPlanJob(config, home, lake(home)).run(now);
        assertThat(next.moves()).isEmpty();
        assertThat(next.partitions().get(1).decision().reason())
                .endsWith(
                        "but PostgreSQL cannot serve it: column note has a text with the character NUL, which PostgreSQL"
                                + " cannot hold");

        // Other files: they may be tried again.
        foreign(home, "shop.notes", "'fine' as note", "'fr'");
        assertThat(new TierPlanJob(config, home, lake(home)).run(now).moves())
                .extracting(move -> move.partition().toString())
                .containsExactly("shop.notes/unit=fr");
    }

    private void foreign(LakeHome home, String table, String column, String unit) {
        spark.range(20)
                .selectExpr("id", column, unit + " as unit")
                .write()
                .format("delta")
                .mode("overwrite")
                .partitionBy("unit")
                .save(home.tablePath(DatasetName.parse(table)));
    }

    private void heat(LakeHome home, Instant now) {
        new HeatJob(spark, home, Duration.ofDays(90)).run(now, Progress.NONE);
    }

    private StoredLake lake(LakeHome home) {
        return StoredLake.of(config, home, postgres);
    }

    private TierApplyJob job(LakeHome home, FaultPoint fault) {
        return TierApplyJob.of(config, home, () -> spark, postgres, Progress.NONE, fault);
    }

    private List<String> placements(LakeHome home, Instant now) {
        return new TierStatus(config, home, lake(home))
                .partitions(now).stream()
                        .map(status -> status.partition() + " " + status.placement() + " " + status.rows() + " rows")
                        .toList();
    }

    private RowChecksum rows(LakeHome home) {
        return DeltaChecksum.of(spark.read().format("delta").load(home.tablePath(ActivityTable.DEFINITION.name())));
    }

    private long servedRows(String table) throws SQLException {
        try (Connection connection = SharedPostgres.connect(postgres);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private List<String> checksums(LakeHome home, String partition) {
        return spark
                .read()
                .format("delta")
                .load(home.root() + "/tables/lake/moves")
                .where("partition = '" + partition + "'")
                .select("checksum")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .toList();
    }

    private List<String> journal(LakeHome home) {
        return spark
                .read()
                .format("delta")
                .load(home.root() + "/tables/lake/moves")
                .selectExpr("concat_ws(' ', partition, from_tier, to_tier, rows, state)")
                .collectAsList()
                .stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }
}
