package io.datapunk.tiering.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.FileMoves;
import io.datapunk.lake.delta.StagedMove;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.hold.HoldStore;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.RowChecksum;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.tiering.apply.ReclaimReport.Held;
import io.datapunk.tiering.apply.ReclaimReport.Kind;
import io.datapunk.tiering.apply.ReclaimReport.Reclaimed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nothing goes that a version within the retention needs, and nothing goes unrecorded. */
class ReclaimJobTest {
    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    @TempDir
    private Path folder;

    private final SparkSession spark = SharedSpark.session();
    private final LakeConfig config = LakeConfig.load(null, Map.of(), Map.of());
    private final PostgresConnection postgres = SharedPostgres.migratedDatabase();
    private LakeHome home;
    private Path table;
    private RowChecksum rows;

    /** Two files of which a rewrite has made one, and a file of an attempt that was killed. */
    @BeforeEach
    void aTableWithRetiredFiles() throws IOException {
        home = new LakeHome(folder.toString(), folder);
        table = Path.of(home.tablePath(ActivityTable.DEFINITION.name()));
        DeltaTables.ensure(spark, home, ActivityTable.DEFINITION);
        append("1", "lakes");
        append("2", "punk");
        spark.sql("OPTIMIZE delta.`" + table + "`");
        Files.writeString(table.resolve("month=2026-01/part-of-a-killed-attempt.parquet"), "half");
        rows = rows();
    }

    @Test
    void whatARecentVersionNeedsStays() throws IOException {
        List<String> before = files();

        assertThat(job().run(NOW, false).reclaimed()).isEmpty();

        assertThat(files()).isEqualTo(before);
    }

    @Test
    void whatNoVersionWithinTheRetentionNeedsGoesAndIsRecordedBefore() throws IOException {
        setRetention("interval 0 hours");
        List<String> before = files();

        Reclaimed planned = only(job().run(NOW, true));
        assertThat(planned.kind()).isEqualTo(Kind.FILES);
        assertThat(planned.subject()).isEqualTo("user_data.activity");
        assertThat(planned.count()).isEqualTo(3);
        assertThat(planned.bytes()).isPositive();
        assertThat(files()).as("after a dry run").isEqualTo(before);
        assertThat(folder.resolve("audit/log.ndjson")).doesNotExist();

        assertThat(only(job().run(NOW, false))).isEqualTo(planned);

        assertThat(files()).hasSize(1).isSubsetOf(before);
        assertThat(rows()).isEqualTo(rows);
        assertThat(Files.readString(folder.resolve("audit/log.ndjson")))
                .contains("tiering.remove-files", "\"subject\":\"user_data.activity\"", "\"files\":\"3\"")
                .contains("part-of-a-killed-attempt.parquet");
        assertThat(job().run(NOW, false).reclaimed()).isEmpty();
    }

    @Test
    void whatAHoldMayNeedStaysUntilItIsReleased() throws IOException {
        setRetention("interval 0 hours");
        List<String> before = files();
        HoldStore holds = new HoldStore(home);
        holds.place(new Hold(
                "1f9a03b7",
                Optional.of("a person"),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                "case 12",
                NOW));

        ReclaimReport report = job().run(NOW, false);

        assertThat(report.reclaimed()).isEmpty();
        assertThat(report.held()).containsExactly(new Held(ActivityTable.DEFINITION.name(), 3, List.of("1f9a03b7")));
        assertThat(files()).isEqualTo(before);

        holds.release("1f9a03b7");
        assertThat(only(job().run(NOW, false)).count()).isEqualTo(3);
    }

    @Test
    void nothingGoesBesideARunThatMoves() {
        try (JobLease moving = new Leases(home).acquire(Leases.TIERING)) {
            assertThatThrownBy(() -> job().run(NOW, false))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("'tier-apply' is already running");
            assertThat(moving.epoch()).isEqualTo(1);
        }
    }

    @Test
    void tablesOfOthersAreCleanedOfWhatMovesHaveLeftAndElseLeftAlone() {
        DatasetName moved = someoneElses("sales");
        DatasetName untouched = someoneElses("stock");
        spark.sql("DELETE FROM delta.`" + home.tablePath(untouched) + "`");
        FileMoves moves = new FileMoves(spark, home, config.tiering(), key -> {});
        StagedMove move = moves.copy(
                new TableLog(home).snapshot(moved).orElseThrow().partitions().get(0), Tier.COLD);
        moves.verify(move);
        moves.commit(List.of(move), NOW);

        assertThat(only(job().run(NOW, false)).subject()).isEqualTo("shop.sales");
        assertThat(spark.read().format("delta").load(home.tablePath(moved)).count())
                .isEqualTo(3);
        assertThat(job().run(NOW, false).reclaimed()).isEmpty();
    }

    /** With a retention that is over at once. */
    private DatasetName someoneElses(String name) {
        DatasetName dataset = new DatasetName("shop", name);
        spark.sql("CREATE TABLE delta.`" + home.tablePath(dataset) + "` USING delta PARTITIONED BY (country)"
                + " TBLPROPERTIES ('delta.deletedFileRetentionDuration' = 'interval 0 hours')"
                + " AS SELECT id, 'fr' AS country FROM range(3)");
        return dataset;
    }

    private ReclaimJob job() {
        return new ReclaimJob(config, home, spark, postgres, Progress.NONE);
    }

    private static Reclaimed only(ReclaimReport report) {
        assertThat(report.reclaimed()).hasSize(1);
        return report.reclaimed().get(0);
    }

    private void append(String id, String title) {
        new DeltaAppend(spark, home).append(ActivityTable.DEFINITION, spark.sql("""
                SELECT '%1$s' AS id, '%1$s' AS match_key, 'u1' AS user_id, 'takeout' AS source, 'i1' AS import_id,
                       'e' AS entry, 0L AS position, TIMESTAMP '2026-05-01 00:00:00' AS ingested_at,
                       TIMESTAMP '2026-01-05 10:00:00' AS event_time, 'exact' AS zone_certainty,
                       '2026-01' AS month, 'Search' AS product, 'searched' AS kind, '%2$s' AS title
                """.formatted(id, title)));
    }

    private void setRetention(String interval) {
        spark.sql("ALTER TABLE delta.`" + table + "` SET TBLPROPERTIES ('delta.deletedFileRetentionDuration' = '"
                + interval + "')");
    }

    private RowChecksum rows() {
        return DeltaChecksum.of(spark.read().format("delta").load(table.toString()));
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.walk(table)) {
            return files.filter(file -> file.toString().endsWith(".parquet")
                            && !file.toString().contains("_delta_log"))
                    .map(file -> table.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }
}
