package io.datapunk.archive.expire;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.archive.create.ArchiveFixture;
import io.datapunk.lake.model.Progress;
import io.datapunk.testkit.SparkJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;

/** A run that is killed deletes nothing by halves, and the next one ends where an unbroken one would have. */
@Tag("full")
class KilledExpireTest {
    private static final int KILLS = 2;
    private static final Instant LATER = Instant.parse("2099-01-01T00:00:00Z");

    @TempDir
    private static Path shared;

    private static ArchiveFixture base;
    private static ExpiryPlan plan;
    private static Path rules;
    private static long undisturbedMillis;

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
        Process process = start(trial);
        awaitSpark(trial);
        long begin = System.nanoTime();
        assertThat(process.waitFor())
                .as(Files.readString(trial.resolve("output")))
                .isZero();
        undisturbedMillis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin);
    }

    @RepeatedTest(KILLS)
    void theNextRunEndsWhereAnUnbrokenOneWouldHave(RepetitionInfo repetition) throws Exception {
        Path place = folder.resolve("lake");
        ArchiveFixture lake = base.copy(place).withFile(rules);
        Process process = start(place);
        awaitSpark(place);
        // Spread over the run, each somewhere in its own part of it
        double moment = (repetition.getCurrentRepetition() - 1 + Math.random()) / KILLS;
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos((long) (moment * undisturbedMillis)));
        process.destroyForcibly().waitFor();
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

    private static Process start(Path lake) throws IOException {
        List<String> command = SparkJvm.command(ExpireRun.class, "-Xmx1g");
        command.addAll(List.of(lake.toString(), rules.toString(), plan.id()));
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(lake.resolve("output").toFile())
                .start();
    }

    /** Until the process has begun its work. */
    private static void awaitSpark(Path lake) throws IOException {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        Path output = lake.resolve("output");
        while (!Files.readString(output, StandardCharsets.UTF_8).contains(ExpireRun.BEGUN)) {
            assertThat(System.nanoTime()).as(Files.readString(output)).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** {@code FOLDER RULES PLAN}: carries a plan out in a process of its own. */
    static final class ExpireRun {
        private static final String BEGUN = "begun";

        private ExpireRun() {}

        public static void main(String[] arguments) {
            ArchiveFixture lake = ArchiveFixture.existing(Path.of(arguments[0])).withFile(Path.of(arguments[1]));
            System.out.println(BEGUN);
            new ApplyExpiryJob(lake.spark, lake.config, lake.home).run(arguments[2], LATER, Progress.NONE);
            System.exit(0);
        }
    }
}
