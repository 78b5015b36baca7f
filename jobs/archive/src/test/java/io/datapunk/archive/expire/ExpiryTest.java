package io.datapunk.archive.expire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.archive.create.ArchiveFixture;
import io.datapunk.archive.create.CreateExportPackageJob;
import io.datapunk.archive.retention.Decision.Outcome;
import io.datapunk.lake.hold.Hold;
import io.datapunk.lake.hold.HoldStore;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is too old goes, once somebody has approved; what changed meanwhile, or is held, stays. */
class ExpiryTest {
    private static final String JANUARY = "user_data.activity/month=2026-01";
    private static final String FEBRUARY = "user_data.activity/month=2026-02";

    /** Rows came in May 2026; packages were made in November. */
    private static final Instant NEXT_JUNE = Instant.parse("2027-06-01T00:00:00Z");

    private static final Instant IN_TEN_YEARS = Instant.parse("2036-12-01T00:00:00Z");

    private static final String RULES = """
            lake.archive.retention.rules = [
              { of = rows, dataset = "user_data.*", class = default }
              { of = packages, category = gdpr, class = gdpr }
            ]
            """;

    @TempDir
    private static Path shared;

    private static ArchiveFixture base;
    private static CreateExportPackageJob.Report first;
    private static CreateExportPackageJob.Report second;

    @TempDir
    private Path folder;

    private ArchiveFixture lake;

    /** The second export's package refers to the first one's packs. */
    @BeforeAll
    static void twoMonthsAndTwoPackages() throws IOException {
        base = new ArchiveFixture(shared.resolve("lake"));
        base.activities("2026-01", 0, 30);
        base.activities("2026-02", 30, 20);
        Path export = Files.createDirectories(shared.resolve("Takeout"));
        Files.write(export.resolve("a.bin"), noise(1));
        first = base.create(export, "ann");
        Files.write(export.resolve("b.bin"), noise(2));
        second = base.create(export, "ann");
    }

    @BeforeEach
    void copy() throws IOException {
        Files.createDirectory(folder.resolve("lake"));
        lake = base.copy(folder.resolve("lake")).withFile(Files.writeString(folder.resolve("own.conf"), RULES));
    }

    @Test
    void aPlanTellsOfEveryPartitionAndPackageWhy() {
        assertThat(plan(NEXT_JUNE).rows())
                .extracting(row -> row.subject().name(), PlannedExpiry::outcome, PlannedExpiry::reason)
                .contains(
                        tuple(
                                JANUARY,
                                Outcome.AWAIT_APPROVAL,
                                "class default keeps it 365 d, until 2027-05-01T00:00:00Z"),
                        tuple(first.path(), Outcome.YOUNG, "class gdpr keeps it 7 y, until 2033-11-26T06:05:00Z"));
        assertThat(lake.sql("SELECT retention_class FROM archive.packages WHERE retention_class IS NOT NULL"))
                .as("no rule was in force when they were made")
                .isEmpty();
    }

    @Test
    void whatNobodyApprovedStays() {
        ExpiryPlan plan = plan(NEXT_JUNE);

        assertThatThrownBy(() -> apply(plan))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("nobody approved it");
        assertThat(months()).containsExactly("2026-01 30", "2026-02 20");
    }

    @Test
    void whatIsApprovedGoesWithItsPackagesAndLeavesARecord() throws IOException {
        ExpiryPlan plan = approved(IN_TEN_YEARS);

        assertThat(apply(plan).deleted())
                .as("those that need others first")
                .extracting(deleted -> deleted.subject().name())
                .containsExactly(JANUARY, FEBRUARY, second.path(), first.path());

        assertThat(months()).isEmpty();
        assertThat(lake.archive().resolve(first.path())).doesNotExist();
        assertThat(lake.archive().resolve(second.path())).doesNotExist();
        assertThat(lake.sql("SELECT package_id FROM archive.packages UNION ALL SELECT package_id FROM archive.contents"
                        + " UNION ALL SELECT package_id FROM archive.reasons"))
                .isEmpty();
        assertThat(lake.verify().damages()).as("nothing is missed").isEmpty();
        assertThat(lake.sql("SELECT subject, kind, retention_class, approved_by, rows, length(checksum)"
                        + " FROM archive.deletions ORDER BY bytes, subject"))
                .extracting(Object::toString)
                .contains(
                        "[" + JANUARY + ",rows,default,carol,30,32]",
                        "[" + FEBRUARY + ",rows,default,carol,20,32]",
                        "[" + first.path() + ",packages,gdpr,carol,null,64]")
                .hasSize(4);
        assertThat(Files.readString(lake.home.audit().resolve("log.ndjson")))
                .contains("\"action\":\"archive.approve\",\"subject\":\"" + plan.id())
                .contains("\"action\":\"archive.expire\",\"subject\":\"" + JANUARY);
        assertThat(apply(plan).deleted()).as("the same again").isEmpty();
        assertThat(lake.sql("SELECT 1 FROM archive.deletions")).hasSize(4);
    }

    @Test
    void whatWasWrittenOrHeldSinceThePlanStays() {
        ExpiryPlan plan = approved(NEXT_JUNE);
        lake.activities("2026-01", 50, 1);
        holdWhatBobDidSinceFebruary();

        ApplyExpiryJob.Report report = apply(plan);

        assertThat(report.deleted()).isEmpty();
        assertThat(report.left())
                .extracting(left -> left.subject().name(), ApplyExpiryJob.Left::reason)
                .containsExactly(
                        tuple(JANUARY, "it is another one than the plan saw; make a new plan"),
                        tuple(
                                FEBRUARY,
                                "class default keeps it 365 d, until 2027-05-01T00:00:00Z; held by 1f9a03b7; its rows from"
                                        + " before 2026-06-01T00:00:00Z are due, but for 13 that are held"));
        assertThat(months()).containsExactly("2026-01 31", "2026-02 20");
    }

    @Test
    void aMonthThatRowsStillEnterLosesThoseWhoseTimeIsOver() throws IOException {
        lake.activities("2026-01", 50, 4, "2027-01-01");

        ExpiryPlan plan = approved(NEXT_JUNE);

        assertThat(plan.rows())
                .filteredOn(row -> row.subject().name().equals(JANUARY))
                .singleElement()
                .satisfies(row -> {
                    assertThat(row.outcome()).isEqualTo(Outcome.AWAIT_APPROVAL);
                    assertThat(row.reason())
                            .isEqualTo("class default keeps it 365 d, until 2028-01-01T00:00:00Z; its rows from before"
                                    + " 2026-06-01T00:00:00Z are due");
                    assertThat(row.rows()).hasValue(30);
                    assertThat(row.bytes()).isPositive();
                });
        assertThat(apply(plan).left()).isEmpty();
        assertThat(months()).as("February has none that is younger").containsExactly("2026-01 4");
        assertThat(lake.sql("SELECT subject, approved_by, rows, length(checksum) FROM archive.deletions"))
                .extracting(Object::toString)
                .containsExactlyInAnyOrder("[" + JANUARY + ",carol,30,32]", "[" + FEBRUARY + ",carol,20,32]");
        assertThat(Files.readString(lake.home.audit().resolve("log.ndjson")))
                .contains("\"entered_before\":\"2026-06-01T00:00:00Z\"");
        assertThat(plan(NEXT_JUNE).going()).as("nothing is left to do").isEmpty();

        FolderTree.delete(folder.resolve("lake/home/tables/archive/deletions"));
        assertThat(apply(plan).deleted())
                .as("a run that was killed before it recorded this")
                .extracting(deleted ->
                        deleted.subject().name() + " " + deleted.rows().orElse(0))
                .containsExactlyInAnyOrder(JANUARY + " 30", FEBRUARY + " 20");
        assertThat(months()).containsExactly("2026-01 4");
    }

    @Test
    void aHoldKeepsTheRowsThatItMayProtectAndNoOthers() {
        holdWhatBobDidSinceFebruary();
        ExpiryPlan plan = approved(NEXT_JUNE);

        assertThat(apply(plan).left()).isEmpty();

        assertThat(lake.sql("SELECT month, user_id, count(*) FROM user_data.activity GROUP BY ALL"))
                .extracting(Object::toString)
                .containsExactly("[2026-02," + ArchiveFixture.BOB + ",13]");
    }

    @Test
    void aHoldThatIsPlacedAfterThePlanKeepsAllThatThePlanDidNotTell() {
        lake.activities("2026-01", 50, 4, "2027-01-01");
        ExpiryPlan plan = approved(NEXT_JUNE);
        new HoldStore(lake.home)
                .place(new Hold(
                        "1f9a03b7",
                        Optional.of(ArchiveFixture.BOB),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Instant.parse("2026-02-01T00:00:00Z")),
                        "case 12",
                        ArchiveFixture.NOW));

        assertThat(apply(plan).left())
                .extracting(left -> left.subject().name(), ApplyExpiryJob.Left::reason)
                .containsExactly(tuple(JANUARY, "holds protect other rows than the plan saw; make a new plan"));
        assertThat(months()).containsExactly("2026-01 34");
    }

    @Test
    @Tag("full")
    void aPackageThatANewOneNeedsStaysWithIt() throws IOException {
        ExpiryPlan plan = approved(IN_TEN_YEARS);
        Path export = Files.createDirectories(folder.resolve("Takeout"));
        Files.write(export.resolve("a.bin"), noise(1));
        Files.write(export.resolve("c.bin"), noise(3));
        CreateExportPackageJob.Report third = lake.create(export, "ann", "sox");

        assertThat(apply(plan).left()).singleElement().satisfies(left -> assertThat(left.reason())
                .contains(third.path() + " has content in it"));
        assertThat(lake.archive().resolve(second.path())).doesNotExist();
        lake.restore(third.path(), Optional.empty(), folder.resolve("again"));
        assertThat(folder.resolve("again/Takeout/a.bin")).hasBinaryContent(noise(1));
    }

    /** As after kills between the deletion and its record. */
    @Test
    @Tag("full")
    void theNextRunRecordsWhatAKilledOneDeleted() throws IOException {
        ExpiryPlan plan = approved(IN_TEN_YEARS);
        apply(plan);
        FolderTree.delete(folder.resolve("lake/home/tables/archive/deletions"));

        assertThat(apply(plan).deleted())
                .extracting(deleted ->
                        deleted.subject().name() + " " + deleted.rows().orElse(0))
                .containsExactlyInAnyOrder(
                        JANUARY + " 30", FEBRUARY + " 20", first.path() + " 0", second.path() + " 0");
        assertThat(lake.sql("SELECT 1 FROM archive.deletions")).hasSize(4);
    }

    @Test
    void aPlanThatSomebodyChangedIsNone() throws IOException {
        ExpiryPlan plan = approved(NEXT_JUNE);
        Path file = lake.home.local().resolve("plans/expire/" + plan.id() + ".ndjson");
        Files.writeString(file, Files.readString(file).replace("2026-02", "2026-01"));

        assertThatThrownBy(() -> apply(plan))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("its content is that of a plan");
    }

    private ExpiryPlan plan(Instant now) {
        return new PlanExpiryJob(lake.spark, lake.config, lake.home).run(now);
    }

    private ExpiryPlan approved(Instant now) {
        return new ApproveExpiryJob(lake.config, lake.home).run(plan(now).id(), "carol", now);
    }

    private ApplyExpiryJob.Report apply(ExpiryPlan plan) {
        return new ApplyExpiryJob(lake.spark, lake.config, lake.home).run(plan.id(), plan.now(), Progress.NONE);
    }

    private List<String> months() {
        return lake.sql("SELECT month, count(*) FROM user_data.activity GROUP BY month ORDER BY month").stream()
                .map(row -> row.getString(0) + " " + row.getLong(1))
                .toList();
    }

    private static byte[] noise(long seed) {
        byte[] noise = new byte[100_000];
        new Random(seed).nextBytes(noise);
        return noise;
    }

    private void holdWhatBobDidSinceFebruary() {
        new HoldStore(lake.home)
                .place(new Hold(
                        "1f9a03b7",
                        Optional.of(ArchiveFixture.BOB),
                        Optional.of(DatasetName.parse("user_data.activity")),
                        Optional.of(Instant.parse("2026-02-01T00:00:00Z")),
                        Optional.empty(),
                        "case 12",
                        ArchiveFixture.NOW));
    }
}
