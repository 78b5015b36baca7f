package io.datapunk.archive.expire;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.create.ArchiveFixture;
import io.datapunk.lake.model.Progress;
import io.datapunk.testkit.RunToKill;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed deletes nothing by halves, and the next one ends where an unbroken one would have. */
@Tag("full")
class KilledExpireTest {
    private static final int KILLS = 1;
    private static final Instant LATER = Instant.parse("2099-01-01T00:00:00Z");

    @TempDir
    private static Path shared;

    private static ArchiveFixture base;
    private static ExpiryPlan plan;
    private static Path rules;
    private static long undisturbedNanos;

    @TempDir
    private Path folder;

    @BeforeAll
    static void anApprovedPlanAndHowLongItTakes() throws Exception {
        rules = Files.writeString(
                shared.resolve("own.conf"), "lake.archive.retention.rules = [{ dataset = \"*\", class = default }]");
        ArchiveFixture lake = new ArchiveFixture(Files.createDirectory(shared.resolve("lake")));
        lake.activities("2026-01", 0, 30);
        lake.activities("2026-02", 30, 20);
        Path export = Files.createDirectory(shared.resolve("Takeout"));
        Files.writeString(export.resolve("a.json"), "[1]");
        lake.create(export, "ann");
        Files.writeString(export.resolve("b.json"), "[2]");
        lake.create(export, "ann");
        base = lake.withFile(rules);
        plan = new PlanExpiryJob(base.spark, base.config, base.home).run(LATER);
        new ApproveExpiryJob(base.config, base.home).run(plan.id(), "carol", LATER);

        Path trial = shared.resolve("trial");
        base.copy(trial);
        undisturbedNanos = begin(trial).undisturbedNanos();
    }

    @RepeatedTest(KILLS)
    void theNextRunEndsWhereAnUnbrokenOneWouldHave(RepetitionInfo repetition) throws Exception {
        Path place = folder.resolve("lake");
        ArchiveFixture lake = base.copy(place).withFile(rules);
        begin(place).kill(repetition, undisturbedNanos);
        assertThat(lake.verify().damages()).allMatch(damage -> damage.what().contains("goes on with it"));

        new ApplyExpiryJob(lake.spark, lake.config, lake.home).run(plan.id(), LATER, Progress.NONE);

        assertThat(lake.sql("SELECT 1 FROM user_data.activity")).isEmpty();
        assertThat(ArchiveFixture.files(lake.archive())).isEmpty();
        assertThat(lake.verify().damages()).isEmpty();
        assertThat(lake.sql("SELECT kind, subject, rows FROM archive.deletions WHERE length(checksum) >= 32"))
                .extracting(row -> row.getString(1))
                .containsExactlyInAnyOrderElementsOf(
                        plan.going().stream().map(row -> row.subject().name()).toList());
        assertThat(lake.sql(
                        "SELECT package_id FROM archive.packages UNION ALL SELECT package_id FROM archive.contents"))
                .isEmpty();
    }

    private static RunToKill begin(Path lake) throws IOException {
        return RunToKill.begin(ExpireRun.class, lake, List.of(lake.toString(), rules.toString(), plan.id()));
    }

    /** {@code FOLDER RULES PLAN}: carries a plan out in a process of its own. */
    static final class ExpireRun {
        private ExpireRun() {}

        public static void main(String[] arguments) {
            ArchiveFixture lake = ArchiveFixture.existing(Path.of(arguments[0])).withFile(Path.of(arguments[1]));
            System.out.println(RunToKill.BEGUN);
            new ApplyExpiryJob(lake.spark, lake.config, lake.home).run(arguments[2], LATER, Progress.NONE);
            System.exit(0);
        }
    }
}
