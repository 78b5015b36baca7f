package io.datapunk.tiering.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.testkit.S3Faults;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedS3;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.heat.AccessSpool;
import io.datapunk.tiering.heat.HeatJob;
import io.datapunk.tiering.heat.SimulatedAccesses;
import io.datapunk.tiering.plan.StoredLake;
import io.datapunk.tiering.policy.Rate;
import io.datapunk.tiering.status.TierStatus;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run whose servers fail loses and doubles nothing, says what failed, and the next run does the rest. */
@Tag("full")
class MovesUnderFaultsTest {
    private static final String BUSY = "user_data.activity/month=2026-02";
    private static final String IDLE = "user_data.activity/month=2026-01";
    private static final List<String> WHERE_THEY_BELONG = List.of(IDLE + " COLD 300 rows", BUSY + " HOT 200 rows");

    private static final Map<String, String> KEYS = Map.of(
            "LAKE_STORAGE_S3_ACCESS_KEY", SharedS3.ACCESS_KEY, "LAKE_STORAGE_S3_SECRET_KEY", SharedS3.SECRET_KEY);

    @TempDir
    private Path folder;

    private final SparkSession spark = SharedSpark.session();
    private final PostgresConnection postgres = SharedPostgres.migratedDatabase();
    private final Instant begin = Instant.now().truncatedTo(ChronoUnit.HOURS);
    private final Instant now = begin.plus(Duration.ofDays(120));

    /** A lake, and the rows that it has to have ever after. */
    private record Lake(LakeConfig config, LakeHome home, RowChecksum rows) {}

    @Test
    void aServerThatEndsEverySessionIsAskedAgainByTheNextRun() {
        Lake lake = lake(Map.of(), folder.toString());
        AtomicInteger ended = new AtomicInteger();

        List<String> moves = apply(lake, reached -> {
            if (reached.startsWith("hot.")) {
                execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
                        + " AND pid <> pg_backend_pid()");
                ended.incrementAndGet();
            }
        });

        assertThat(moves).contains(IDLE + " DONE");
        assertThat(ended).hasPositiveValue();
        assertRowsAreThere(lake);
        apply(lake, FaultPoint.NONE);
        assertThat(placements(lake)).isEqualTo(WHERE_THEY_BELONG);
        assertRowsAreThere(lake);
    }

    @Test
    void aServerWithoutConnectionsEndsTheRunAndTheNextDoesTheRest() throws SQLException {
        Lake lake = lake(Map.of(), folder.toString());
        List<Connection> taken = new ArrayList<>();
        try {
            assertThatThrownBy(() -> apply(lake, reached -> {
                        if (reached.equals("hot.loaded")) {
                            takeAll(taken);
                        }
                    }))
                    .hasMessageContaining("too many clients");
        } finally {
            for (Connection connection : taken) {
                connection.close();
            }
        }
        assertRowsAreThere(lake);

        apply(lake, FaultPoint.NONE);

        assertThat(placements(lake)).isEqualTo(WHERE_THEY_BELONG);
        assertRowsAreThere(lake);
    }

    @Test
    void ofTwoRunsAtOnceOneWorksAndTheOtherSaysSo() {
        Lake lake = lake(Map.of(), folder.toString());
        AtomicInteger refused = new AtomicInteger();

        List<String> moves = apply(lake, reached -> {
            if (reached.equals("hot.loaded")) {
                assertThatThrownBy(() -> apply(lake, FaultPoint.NONE)).hasMessageContaining("tier-apply");
                refused.incrementAndGet();
            }
        });

        assertThat(refused).hasValue(1);
        assertThat(moves).containsExactly(IDLE + " DONE", BUSY + " DONE");
        assertThat(placements(lake)).isEqualTo(WHERE_THEY_BELONG);
        assertRowsAreThere(lake);
    }

    @Test
    void anObjectStoreThatRefusesAndDawdlesCostsTimeOnly() {
        try (S3Faults store = S3Faults.start()) {
            String bucket = SharedS3.bucket();
            SharedS3.hadoopSettings(store.endpoint()).forEach((key, value) -> spark.sparkContext()
                    .hadoopConfiguration()
                    .set(key.replace("fs.s3a.", "fs.s3a.bucket." + bucket + "."), value));
            Map<String, String> settings = Map.of(
                    "lake.storage.s3.endpoint",
                    store.endpoint().toString(),
                    "lake.storage.s3.region",
                    SharedS3.REGION,
                    "lake.storage.s3.path-style-access",
                    "true");
            Lake lake = lake(settings, "s3a://" + bucket + "/lake");
            store.refuse(4, 503, (method, path) -> method.equals("PUT"))
                    .refuse(3, 500, (method, path) -> method.equals("GET") && path.endsWith(".parquet"))
                    .delay(4, Duration.ofSeconds(2), (method, path) -> path.contains("_delta_log"))
                    .loseAnswers(1, (method, path) -> method.equals("PUT") && path.contains("_delta_log"));

            apply(lake, FaultPoint.NONE);
            assertThat(store.outstanding()).isZero();
            assertRowsAreThere(lake);

            apply(lake, FaultPoint.NONE);
            assertThat(placements(lake)).isEqualTo(WHERE_THEY_BELONG);
            assertRowsAreThere(lake);
        }
    }

    private Lake lake(Map<String, String> settings, String root) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("lake.tiering.minimum-size", "0 B");
        LakeConfig config = LakeConfig.load(null, KEYS, all);
        LakeHome home = new LakeHome(root, folder);
        ActivityRows.append(spark, home, "2026-01", 300);
        ActivityRows.append(spark, home, "2026-02", 200);
        SimulatedAccesses accesses = new SimulatedAccesses(1);
        // Only what was watched all the time can be called unread.
        accesses.read(PartitionName.parse(IDLE), Rate.perHour(3), begin, begin.plus(Duration.ofHours(2)));
        accesses.read(PartitionName.parse(BUSY), Rate.perHour(15), now.minus(Duration.ofDays(2)), now);
        new AccessSpool(home.spool()).write(accesses.lines());
        new HeatJob(spark, home, Duration.ofDays(90)).run(now, Progress.NONE);
        return new Lake(config, home, rows(home));
    }

    private List<String> apply(Lake lake, FaultPoint fault) {
        return TierApplyJob.of(lake.config(), lake.home(), () -> spark, postgres, Progress.NONE, fault)
                .run(now)
                .results()
                .stream()
                .map(result -> result.partition() + " " + result.state())
                .toList();
    }

    private void assertRowsAreThere(Lake lake) {
        assertThat(rows(lake.home())).isEqualTo(lake.rows());
    }

    private RowChecksum rows(LakeHome home) {
        return DeltaChecksum.of(spark.read().format("delta").load(home.tablePath(ActivityTable.DEFINITION.name())));
    }

    private List<String> placements(Lake lake) {
        return new TierStatus(lake.config(), lake.home(), StoredLake.of(lake.config(), lake.home(), postgres))
                .partitions(now).stream()
                        .map(status -> status.partition() + " " + status.placement() + " " + status.rows() + " rows")
                        .toList();
    }

    private void takeAll(List<Connection> taken) {
        try {
            while (true) {
                taken.add(SharedPostgres.connect(postgres));
            }
        } catch (SQLException noneIsLeft) {
            assertThat(taken).isNotEmpty();
        }
    }

    private void execute(String sql) {
        try (Connection connection = SharedPostgres.connect(postgres);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
