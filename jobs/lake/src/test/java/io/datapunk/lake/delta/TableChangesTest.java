package io.datapunk.lake.delta;

import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend.Once;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.ActivityTable;
import io.delta.tables.DeltaTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableChangesTest {
    private static final DatasetName ACTIVITY = ActivityTable.DEFINITION.name();

    @TempDir
    private Path folder;

    private SparkSession spark;
    private LakeHome home;
    private TableChanges changes;

    @BeforeEach
    void makeATable() {
        spark = LocalSpark.session();
        home = LocalHome.under(folder);
        changes = new TableChanges(new TableLog(home));
        DeltaTables.ensure(spark, home, ActivityTable.DEFINITION);
        append("2026-01", 0);
        append("2026-02", 10);
    }

    @Test
    void partitionsToWhichRowsWereAppendedHaveChanged() {
        assertThat(newest().version()).isEqualTo(2);
        assertThat(changes.between(newest(), 0)).contains(Set.of("2026-01", "2026-02"));
        assertThat(changes.between(newest(), 1)).contains(Set.of("2026-02"));
        assertThat(changes.between(newest(), 2)).contains(Set.of());
        assertThat(changes.partitions(ACTIVITY)).containsExactly("2026-01", "2026-02");
    }

    @Test
    void soHaveThoseInWhichRowsWereDeletedOrChanged() {
        table().delete("month = '2026-01'");
        table().update(expr("month = '2026-02'"), Map.of("title", lit("other")));

        assertThat(changes.between(newest(), 2)).contains(Set.of("2026-01", "2026-02"));
        assertThat(changes.between(newest(), 3)).contains(Set.of("2026-02"));
        assertThat(changes.partitions(ACTIVITY)).containsExactly("2026-02");
    }

    @Test
    void whatCompactsFilesChangesNone() {
        append("2026-01", 20);

        table().optimize().executeCompaction();

        assertThat(newest().version()).isGreaterThan(3);
        assertThat(changes.between(newest(), 3)).contains(Set.of());
    }

    @Test
    void whereTheLogWasCutNobodyCanTell() throws IOException {
        for (long number = 0; number < 10; number++) {
            append("2026-03", 100 + 10 * number);
        }
        Path log = Path.of(home.tablePath(ACTIVITY), "_delta_log");
        for (int version = 0; version < 5; version++) {
            Files.delete(log.resolve("%020d.json".formatted(version)));
        }

        assertThat(changes.between(newest(), 3)).as("commit 4 is gone").isEmpty();
        assertThat(changes.between(newest(), 4)).contains(Set.of("2026-03"));
    }

    @Test
    void aVersionThatIsStillToComeAndAnotherSchemaTellNothing() {
        assertThat(changes.between(newest(), 3)).isEmpty();

        spark.sql("ALTER TABLE delta.`" + home.tablePath(ACTIVITY) + "` ADD COLUMN more STRING");

        assertThat(changes.between(newest(), 2)).isEmpty();
    }

    @Test
    void whatIsNotThereHasNoVersion() {
        assertThat(changes.newest(new DatasetName("user_data", "nothing"))).isEqualTo(Optional.empty());
        assertThat(changes.lastVersion(new DatasetName("user_data", "nothing"), "reader"))
                .isEmpty();
    }

    @Test
    void aCommitThatLostItsBytesIsNoCommitWithoutChanges() throws IOException {
        Files.write(Path.of(home.tablePath(ACTIVITY), "_delta_log", "%020d.json".formatted(3)), new byte[0]);

        assertThatThrownBy(this::newest).isInstanceOfSatisfying(LakeException.class, e -> assertThat(e.reason())
                .contains("empty file"));
    }

    @Test
    void replacedPartitionsRememberWhatTheyWereComputedOf() {
        PublishedPartitions published = new PublishedPartitions(spark, home, ActivityTable.DEFINITION);

        assertThat(published.replace(
                        Optional.of(Set.of("2026-01")),
                        () -> ActivityRows.of(spark, "2026-01", 50, 53),
                        List.of(new Once("source", 7))))
                .isEqualTo(3);

        assertThat(changes.lastVersion(ACTIVITY, "source")).isEqualTo(OptionalLong.of(7));
        assertThat(changes.lastVersion(ACTIVITY, "another")).isEmpty();
        assertThat(spark.read()
                        .format("delta")
                        .load(home.tablePath(ACTIVITY))
                        .groupBy("month")
                        .count()
                        .orderBy("month")
                        .collectAsList())
                .extracting(Object::toString)
                .containsExactly("[2026-01,3]", "[2026-02,10]");
    }

    @Test
    void whereNothingIsReplacedOnlyTheMemoryChanges() {
        PublishedPartitions published = new PublishedPartitions(spark, home, ActivityTable.DEFINITION);

        assertThat(published.replace(
                        Optional.of(Set.of()),
                        () -> ActivityRows.of(spark, "2026-01", 50, 53),
                        List.of(new Once("source", 8))))
                .isZero();

        assertThat(changes.lastVersion(ACTIVITY, "source")).isEqualTo(OptionalLong.of(8));
        assertThat(spark.read().format("delta").load(home.tablePath(ACTIVITY)).count())
                .isEqualTo(20);
    }

    private TableVersion newest() {
        return changes.newest(ACTIVITY).orElseThrow();
    }

    private void append(String month, long from) {
        new DeltaAppend(spark, home).append(ActivityTable.DEFINITION, ActivityRows.of(spark, month, from, from + 10));
    }

    private DeltaTable table() {
        return DeltaTable.forPath(spark, home.tablePath(ACTIVITY));
    }
}
