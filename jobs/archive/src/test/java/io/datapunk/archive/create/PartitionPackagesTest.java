package io.datapunk.archive.create;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.archive.audit.PublishAuditLogJob;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
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
        lake.activities("2026-01", 0, 300);
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

        copy.activities("2026-01", 300, 10);

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
    void sqlFindsEveryRowBeforeItIsRestored() {
        assertThat(lake.sql("SELECT r.entry, p.path, count(*), max(r.event_time) FROM archive.rows r"
                        + " JOIN archive.packages p USING (package_id)"
                        + " JOIN user_data.activity a ON r.dataset = 'user_data.activity' AND r.id = a.id"
                        + " AND r.user_id = a.user_id AND r.event_time = a.event_time"
                        + " WHERE r.partition = 'month=2026-01' GROUP BY 1, 2 ORDER BY 3"))
                .extracting(
                        row -> row.getString(0).replaceAll("/[0-9a-f]{32}-", "/…-"),
                        row -> row.getString(1),
                        row -> row.getLong(2))
                .containsExactly(
                        tuple("user_data.activity/month=2026-01/…-00000.parquet", made.path(), 100L),
                        tuple("user_data.activity/month=2026-01/…-00000.parquet", made.path(), 200L));
    }

    /** The clock is a year ahead: nothing was written lately. */
    @Test
    void whatIsPastItsColdAgeIsPackedOnce() {
        ArchiveFixture copy = lake.copy(folder.resolve("lake"));
        copy.activities("2026-02", 300, 10);
        Instant later = Instant.parse("2099-01-01T00:00:00Z");

        CreateDuePackagesJob.Report first = due(copy, later);
        CreateDuePackagesJob.Report second = due(copy, later.plusSeconds(60));

        assertThat(first.due())
                .extracting(report -> report.partition().toString(), CreatePartitionPackageJob.Report::newlyMade)
                .as("a package that was made before the last write is compared")
                .containsExactly(
                        tuple("user_data.activity/month=2026-01", false),
                        tuple("user_data.activity/month=2026-02", true));
        assertThat(second.due())
                .extracting(report -> report.partition().toString())
                .containsExactly(JANUARY.toString());
        assertThat(second.packaged()).isEqualTo(1);
        assertThat(due(copy, ArchiveFixture.NOW).young()).isEqualTo(2);
    }

    @Test
    void theAuditTrailIsPackedAYearAfterItsLastEntryAndStaysSearchable() {
        ArchiveFixture copy = lake.copy(folder.resolve("lake"));
        new PublishAuditLogJob(copy.config, copy.home, copy.spark).run();
        String month = "archive.audit_log/month=2026-11";

        assertThat(due(copy, Instant.now().plus(Duration.ofDays(364))).due())
                .extracting(report -> report.partition().toString())
                .doesNotContain(month);
        assertThat(due(copy, Instant.now().plus(Duration.ofDays(366))).due())
                .extracting(report -> report.partition().toString(), CreatePartitionPackageJob.Report::newlyMade)
                .contains(tuple(month, true));

        assertThat(copy.verify().damages()).isEmpty();
        assertThat(copy.sql("SELECT subject FROM archive.audit_log WHERE action = 'archive.create'"))
                .extracting(row -> row.getString(0))
                .containsExactly(made.path());
    }

    private static CreateDuePackagesJob.Report due(ArchiveFixture lake, Instant now) {
        return new CreateDuePackagesJob(lake.spark, lake.config, lake.home).run("a test", now, Progress.NONE);
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
}
