package io.datapunk.archive.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A partition's rows go into a package, each person's under his own key, and come out again. */
class PartitionPackagesTest {
    private static final PartitionName JANUARY = PartitionName.parse("user_data.activity/month=2026-01");

    @TempDir
    private static Path shared;

    private static ArchiveFixture lake;
    private static CreatePartitionPackageJob.Report made;

    @TempDir
    private Path folder;

    @BeforeAll
    static void activitiesOfTwoPersonsAndTheirPackage() {
        lake = new ArchiveFixture(shared);
        DeltaTables.ensure(lake.spark, lake.home, ActivityTable.DEFINITION);
        append(lake, 0, 300);
        made = create(lake, JANUARY);
    }

    @Test
    void everyRowComesOutAgain() {
        assertThat(made.path()).startsWith("2026/11/default/user_data.activity/20261126T060500Z-");
        assertThat(made.newlyMade()).isTrue();
        assertThat(made.rows()).isEqualTo(300);
        assertThat(made.persons()).isEqualTo(2);
        assertThat(lake.verify().damages()).isEmpty();

        lake.restore(made.path(), Optional.empty(), folder.resolve("again"));
        Dataset<Row> restored = lake.spark
                .read()
                .option("recursiveFileLookup", "true")
                .parquet(folder.resolve("again").toString());
        assertThat(DeltaChecksum.of(restored.select("id", "user_id", "event_time", "title")))
                .isEqualTo(DeltaChecksum.of(january().select("id", "user_id", "event_time", "title")));
        assertThat(january().count()).isEqualTo(300);
    }

    @Test
    void theSameRowsAgainMakeNoPackageAndNewOnesDo() {
        ArchiveFixture copy = lake.copy(folder.resolve("lake"));
        assertThat(create(copy, JANUARY).newlyMade()).isFalse();

        append(copy, 300, 10);

        CreatePartitionPackageJob.Report later = create(copy, JANUARY);
        assertThat(later.newlyMade()).isTrue();
        assertThat(later.path()).isNotEqualTo(made.path());
        assertThat(later.rows()).isEqualTo(310);
    }

    @Test
    void sqlFindsWhosePartitionsAreArchived() {
        assertThat(lake.sql("SELECT user_id, entry FROM archive.contents JOIN archive.packages USING (package_id)"
                        + " WHERE path = '" + made.path() + "' ORDER BY user_id"))
                .extracting(row -> row.getString(0) + " " + row.getString(1).replaceAll("/[0-9a-f]{32}-", "/…-"))
                .containsExactly(
                        ArchiveFixture.ANN + " user_data.activity/month=2026-01/…-00000.parquet",
                        ArchiveFixture.BOB + " user_data.activity/month=2026-01/…-00000.parquet");
    }

    @Test
    void whoLosesOnePersonsKeyLosesNobodyElses() throws IOException {
        ArchiveFixture copy = lake.copy(folder.resolve("lake"));

        FolderTree.delete(Path.of(copy.home.keysPath())
                .resolve(KeyOwner.person(ArchiveFixture.ANN).name()));

        assertThat(copy.verify().damages()).singleElement().satisfies(damage -> assertThat(damage.what())
                .contains("person-" + ArchiveFixture.ANN));
        assertThatThrownBy(() -> copy.restore(made.path(), Optional.empty(), folder.resolve("again")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("the key person-" + ArchiveFixture.ANN);
    }

    @Test
    void nothingReadableIsLeftBehind() {
        assertThat(shared.resolve("home/staging")).isEmptyDirectory();
        ArchiveFixture.files(lake.archive())
                .forEach((file, bytes) -> assertThat(new String(bytes, StandardCharsets.ISO_8859_1))
                        .as(file)
                        .doesNotContain("a searched title")
                        .doesNotContain("PAR1"));
    }

    @Test
    void aPartitionThatIsNotThereIsSaidSo() {
        assertThatThrownBy(() -> create(lake, PartitionName.parse("user_data.activity/month=1999-01")))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("there is no partition user_data.activity/month=1999-01");
    }

    private static CreatePartitionPackageJob.Report create(ArchiveFixture lake, PartitionName partition) {
        return new CreatePartitionPackageJob(lake.spark, lake.config, lake.home)
                .run(new CreatePartitionPackageJob.Request(partition, "a test", ArchiveFixture.NOW), Progress.NONE);
    }

    private Dataset<Row> january() {
        return lake.spark.sql("SELECT * FROM user_data.activity WHERE month = '2026-01'");
    }

    private static void append(ArchiveFixture lake, int from, int count) {
        new DeltaAppend(lake.spark, lake.home)
                .append(
                        ActivityTable.DEFINITION,
                        lake.spark
                                .range(from, from + count)
                                .selectExpr(
                                        "md5(cast(id as string)) AS id",
                                        "'m' AS match_key",
                                        "if(id % 3 = 0, '" + ArchiveFixture.ANN + "', '" + ArchiveFixture.BOB
                                                + "') AS user_id",
                                        "'takeout' AS source",
                                        "'i1' AS import_id",
                                        "'e' AS entry",
                                        "id AS position",
                                        "TIMESTAMP '2026-05-01 00:00:00' AS ingested_at",
                                        "timestampadd(MINUTE, cast(id as int), TIMESTAMP '2026-01-05 10:00:00') AS"
                                                + " event_time",
                                        "'exact' AS zone_certainty",
                                        "'2026-01' AS month",
                                        "'Search' AS product",
                                        "'searched' AS kind",
                                        "'a searched title' AS title"));
    }
}
