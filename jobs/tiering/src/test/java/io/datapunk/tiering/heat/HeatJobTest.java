package io.datapunk.tiering.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.tiering.FaultPoint;
import io.datapunk.tiering.SimulatedCrash;
import io.datapunk.tiering.policy.Accesses;
import io.datapunk.tiering.policy.Observation;
import io.datapunk.tiering.policy.Rate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeatJobTest {
    private static final Instant NOW = Instant.parse("2026-03-25T10:15:00Z");
    private static final String JANUARY = "user_data.activity/month=2026-01";
    private static final String MARCH = "user_data.activity/month=2026-03";

    @TempDir
    private Path folder;

    private final SparkSession spark = SharedSpark.session();

    @Test
    void takesInEveryLineOnceAndKeepsTheMalformedOnesAside() throws IOException {
        LakeHome home = home("lake");
        spool(home);
        HeatReport report = heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);

        assertThat(report.files()).isEqualTo(3);
        assertThat(report.lines()).isEqualTo(8);
        assertThat(report.accepted()).isEqualTo(6);
        assertThat(report.future()).isEqualTo(1);
        assertThat(report.rejected()).isEqualTo(1);
        assertThat(Files.readAllLines(report.rejectedFolder().orElseThrow().resolve("c.ndjson")))
                .containsExactly(
                        "{\"line\":2,\"reason\":\"is not JSON: Unexpected end-of-input within/between Object entries\","
                                + "\"text\":\"{\\\"at\\\":\"}");
        assertThat(log(home))
                .containsExactly(
                        "2026-03-24 23:50:00|user_data.activity/month=2026-01|spark|1|q3|WARM|2026-03-24",
                        "2026-03-25 08:10:00|user_data.activity/month=2026-01|spark|1|q1|WARM|2026-03-25",
                        "2026-03-25 08:20:00|user_data.activity/month=2026-01|spark|1|q1|WARM|2026-03-25",
                        "2026-03-25 08:30:00|user_data.activity/month=2026-01|postgres|4|null|HOT|2026-03-25",
                        "2026-03-25 09:00:00|user_data.activity/*|spark|1|q2|null|2026-03-25",
                        "2026-03-25 09:00:00|user_data.activity/month=2026-03|spark|1|q2|WARM|2026-03-25");
        assertThat(hours(home))
                .containsExactly(
                        "2026-03-24 23:00:00|user_data.activity/month=2026-01|1",
                        "2026-03-25 08:00:00|user_data.activity/month=2026-01|5",
                        "2026-03-25 09:00:00|user_data.activity/month=2026-01|1",
                        "2026-03-25 09:00:00|user_data.activity/month=2026-03|1");
        assertThat(home.spool()).isEmptyDirectory();
        HeatSummary summary = HeatSummary.read(home.spool());
        assertThat(summary.observation()).isEqualTo(new Observation(Instant.parse("2026-03-24T23:00:00Z"), NOW));
        assertThat(summary.of(PartitionName.parse(JANUARY)))
                .isEqualTo(Accesses.of(Map.of(
                        hour("2026-03-24T23:00:00Z"), 1L,
                        hour("2026-03-25T08:00:00Z"), 5L,
                        hour("2026-03-25T09:00:00Z"), 1L)));
        assertThat(summary.of(PartitionName.parse(MARCH)))
                .isEqualTo(Accesses.of(Map.of(hour("2026-03-25T09:00:00Z"), 1L)));
    }

    @Test
    void aQueryThatComesInTwoRunsCountsOnce() {
        LakeHome home = home("lake");
        activity(home);
        AccessSpool spool = new AccessSpool(home.spool());
        spool.write(List.of(line("2026-03-25T08:10:00Z", JANUARY, "q1")));
        heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);
        spool.write(List.of(line("2026-03-25T08:10:00Z", JANUARY, "q1"), line("2026-03-25T08:50:00Z", JANUARY, "q2")));
        heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);

        assertThat(HeatSummary.read(home.spool()).of(PartitionName.parse(JANUARY)))
                .isEqualTo(Accesses.of(Map.of(hour("2026-03-25T08:00:00Z"), 2L)));
    }

    @Test
    void killedAtAnyStepAndRunAgainItEndsAsIfUndisturbed() throws IOException {
        LakeHome undisturbed = home("undisturbed");
        spool(undisturbed);
        List<String> steps = new ArrayList<>();
        heat(undisturbed, SimulatedCrash.recording(steps)).run(NOW, Progress.NONE);
        assertThat(steps)
                .containsExactly("heat.batched", "heat.logged", "heat.counted", "heat.removed", "heat.summarised");

        for (String step : steps) {
            LakeHome home = home("crash-" + step);
            spool(home);
            assertThatThrownBy(() -> heat(home, SimulatedCrash.at(step, 1)).run(NOW, Progress.NONE))
                    .isInstanceOf(SimulatedCrash.class);
            heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);
            assertThat(log(home)).as(step).isEqualTo(log(undisturbed));
            assertThat(hours(home)).as(step).isEqualTo(hours(undisturbed));
            assertThat(HeatSummary.read(home.spool()).accesses())
                    .as(step)
                    .isEqualTo(HeatSummary.read(undisturbed.spool()).accesses());
            try (Stream<Path> batches = Files.list(home.spool().resolveSibling("batches"))) {
                assertThat(batches).as(step).isEmpty();
            }
        }
    }

    @Test
    void theSummaryIsTheSameWhetherItIsContinuedOrReadAgain() throws IOException {
        LakeHome home = home("lake");
        spool(home);
        heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);
        new AccessSpool(home.spool()).write(List.of(line("2026-03-25T10:00:00Z", JANUARY, "q9")));
        heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);
        HeatSummary continued = HeatSummary.read(home.spool());

        FolderTree.delete(home.spool().resolveSibling("heat"));
        heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);
        assertThat(HeatSummary.read(home.spool()).accesses()).isEqualTo(continued.accesses());
        assertThat(continued.of(PartitionName.parse(JANUARY)))
                .isEqualTo(Accesses.of(Map.of(
                        hour("2026-03-24T23:00:00Z"), 1L,
                        hour("2026-03-25T08:00:00Z"), 5L,
                        hour("2026-03-25T09:00:00Z"), 1L,
                        hour("2026-03-25T10:00:00Z"), 1L)));
    }

    @Test
    void silenceIsObservedToo() {
        LakeHome home = home("lake");
        heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);
        Instant later = NOW.plus(Duration.ofDays(3));
        HeatReport report = heat(home, FaultPoint.NONE).run(later, Progress.NONE);
        assertThat(report.observation()).isEqualTo(new Observation(NOW, later));
        assertThat(report.rejectedFolder()).isEqualTo(Optional.empty());
    }

    @Test
    void aLineFromTheFutureWaitsUntilItsTimeAndThenCountsOnce() throws IOException {
        LakeHome home = home("lake");
        activity(home);
        Instant later = NOW.plus(Duration.ofHours(3));
        new AccessSpool(home.spool())
                .write(List.of(line(later.toString(), JANUARY, "q1"), line("2026-03-25T10:00:00Z", MARCH, "q2")));
        HeatReport first = heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);
        assertThat(first.future()).isEqualTo(1);
        assertThat(first.accepted()).isEqualTo(1);
        assertThat(HeatSummary.read(home.spool()).of(PartitionName.parse(JANUARY)))
                .isEqualTo(Accesses.NONE);

        HeatReport tooEarly = heat(home, FaultPoint.NONE).run(NOW.plus(Duration.ofHours(1)), Progress.NONE);
        assertThat(tooEarly.lines()).isZero();
        heat(home, FaultPoint.NONE).run(later, Progress.NONE);
        heat(home, FaultPoint.NONE).run(later.plus(Duration.ofHours(1)), Progress.NONE);
        assertThat(HeatSummary.read(home.spool()).of(PartitionName.parse(JANUARY)))
                .isEqualTo(Accesses.of(Map.of(hour("2026-03-25T13:00:00Z"), 1L)));
    }

    @Test
    void aClockThatIsSetBackNeitherDoublesNorLoses() {
        LakeHome home = home("lake");
        activity(home);
        AccessSpool spool = new AccessSpool(home.spool());
        spool.write(List.of(line("2026-03-25T10:00:00Z", JANUARY, "q1")));
        heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);
        spool.write(List.of(line("2026-03-25T10:10:00Z", JANUARY, "q2")));
        Instant setBack = NOW.minus(Duration.ofHours(2));
        HeatReport report = heat(home, FaultPoint.NONE).run(setBack, Progress.NONE);
        assertThat(report.future()).isEqualTo(1);
        assertThat(report.observation().through()).isEqualTo(setBack);
        heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);
        assertThat(HeatSummary.read(home.spool()).of(PartitionName.parse(JANUARY)))
                .isEqualTo(Accesses.of(Map.of(hour("2026-03-25T10:00:00Z"), 2L)));
    }

    @Test
    void aBackFillKnowsNoHourThatBeginsWhereItsClockStands() {
        LakeHome home = home("lake");
        activity(home);
        new AccessSpool(home.spool())
                .write(List.of(
                        line("2026-03-25T08:59:00Z", JANUARY, "q1"),
                        line("2026-03-25T09:30:00Z", JANUARY, "q2"),
                        line("2026-03-25T09:30:00Z", MARCH, "q3")));
        heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);

        heat(home, FaultPoint.NONE).run(Instant.parse("2026-03-25T09:00:00Z"), Progress.NONE);

        assertThat(HeatSummary.read(home.spool()).accesses())
                .isEqualTo(Map.of(PartitionName.parse(JANUARY), Accesses.of(Map.of(hour("2026-03-25T08:00:00Z"), 1L))));
        assertThat(HeatSummary.read(home.spool()).of(PartitionName.parse(MARCH)))
                .isEqualTo(Accesses.NONE);

        heat(home, FaultPoint.NONE).run(Instant.parse("2026-03-25T10:00:00Z"), Progress.NONE);

        assertThat(HeatSummary.read(home.spool()).of(PartitionName.parse(JANUARY)))
                .isEqualTo(Accesses.of(Map.of(hour("2026-03-25T08:00:00Z"), 1L, hour("2026-03-25T09:00:00Z"), 1L)));
        assertThat(HeatSummary.read(home.spool()).of(PartitionName.parse(MARCH)))
                .isEqualTo(Accesses.of(Map.of(hour("2026-03-25T09:00:00Z"), 1L)));
    }

    @Test
    void theOrderOfTakingInDoesNotMatter() {
        List<AccessLine> lines = new SimulatedAccesses(3)
                .read(PartitionName.parse(JANUARY), Rate.perHour(2), NOW.minus(Duration.ofHours(30)), NOW)
                .read(PartitionName.parse(MARCH), Rate.perHour(1), NOW.minus(Duration.ofHours(9)), NOW)
                .lines();
        LakeHome forwards = home("forwards");
        LakeHome backwards = home("backwards");
        for (int part = 0; part < 3; part++) {
            takeIn(forwards, third(lines, part));
            takeIn(backwards, third(lines, 2 - part));
        }
        assertThat(hours(backwards)).isEqualTo(hours(forwards));
        assertThat(HeatSummary.read(backwards.spool()).accesses())
                .isEqualTo(HeatSummary.read(forwards.spool()).accesses());
        long sum = HeatSummary.read(forwards.spool()).accesses().values().stream()
                .mapToLong(HeatJobTest::sum)
                .sum();
        assertThat(sum).isEqualTo(lines.size());
    }

    private void takeIn(LakeHome home, List<AccessLine> lines) {
        new AccessSpool(home.spool()).write(lines);
        heat(home, FaultPoint.NONE).run(NOW, Progress.NONE);
    }

    private static List<AccessLine> third(List<AccessLine> lines, int part) {
        return lines.subList(lines.size() * part / 3, lines.size() * (part + 1) / 3);
    }

    private static long sum(Accesses accesses) {
        long sum = 0;
        for (int bucket = 0; bucket < accesses.buckets(); bucket++) {
            sum += accesses.count(bucket);
        }
        return sum;
    }

    @Test
    void twoTakeInsDoNotRunAtOnce() {
        LakeHome home = home("lake");
        try (JobLease lease = new Leases(home).acquire("heat")) {
            assertThat(lease.epoch()).isEqualTo(1);
            assertThatThrownBy(() -> heat(home, FaultPoint.NONE).run(NOW, Progress.NONE))
                    .isInstanceOf(LakeException.class)
                    .hasMessageStartingWith("'heat' is already running");
        }
    }

    @Test
    void simulatedAccessesAreTheSameForTheSameSeedAndKeepTheirRate() {
        PartitionName march = PartitionName.parse(MARCH);
        Instant from = NOW.minus(Duration.ofDays(10));
        List<AccessLine> lines =
                new SimulatedAccesses(7).read(march, Rate.perDay(36), from, NOW).lines();
        assertThat(lines)
                .isEqualTo(new SimulatedAccesses(7)
                        .read(march, Rate.perDay(36), from, NOW)
                        .lines());
        assertThat(lines.size()).isBetween(320, 400);
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.at()).isBetween(from, NOW);
            assertThat(line.principal()).contains("simulated");
        });
        assertThat(lines.stream().map(AccessLine::queryId).distinct()).hasSize(lines.size());
    }

    private HeatJob heat(LakeHome home, FaultPoint fault) {
        return new HeatJob(spark, home, Duration.ofDays(90), List.of(new SpoolSource()), Optional.empty(), fault);
    }

    private LakeHome home(String name) {
        Path root = folder.resolve(name);
        return new LakeHome(root.toString(), root);
    }

    private void spool(LakeHome home) throws IOException {
        activity(home);
        AccessSpool spool = new AccessSpool(home.spool());
        spool.write(List.of(
                line("2026-03-25T08:10:00Z", JANUARY, "q1"),
                line("2026-03-25T08:20:00Z", JANUARY, "q1"),
                line("2026-03-24T23:50:00Z", JANUARY, "q3")));
        spool.write(List.of(
                line("2026-03-25T09:00:00Z", "user_data.activity/*", "q2"),
                line("2026-03-25T09:00:00Z", MARCH, "q2"),
                new AccessLine(
                        Instant.parse("2026-03-25T08:30:00Z"),
                        JANUARY,
                        "postgres",
                        4,
                        Optional.empty(),
                        Optional.empty())));
        Files.writeString(
                home.spool().resolve("c.ndjson"),
                "{\"at\":\"2027-01-01T00:00:00Z\",\"partition\":\"a.b\",\"origin\":\"spark\"}\n{\"at\":");
    }

    private void activity(LakeHome home) {
        spark.sql("select 'a' as id, '2026-01' as month union all select 'b', '2026-03'")
                .write()
                .format("delta")
                .partitionBy("month")
                .save(home.root() + "/tables/user_data/activity");
    }

    private List<String> log(LakeHome home) {
        return lines(spark.read()
                .format("delta")
                .load(home.root() + "/tables/lake/access_log")
                .selectExpr("concat_ws('|', at, partition, origin, accesses, coalesce(query_id, 'null'),"
                        + " coalesce(tier, 'null'), day)"));
    }

    private List<String> hours(LakeHome home) {
        return lines(spark.read()
                .format("delta")
                .load(home.root() + "/tables/lake/access_hours")
                .groupBy("hour", "partition")
                .sum("accesses")
                .selectExpr("concat_ws('|', hour, partition, `sum(accesses)`)"));
    }

    private static List<String> lines(Dataset<Row> lines) {
        return lines.collectAsList().stream()
                .map(row -> row.getString(0))
                .sorted()
                .toList();
    }

    private static AccessLine line(String at, String partition, String query) {
        return new AccessLine(Instant.parse(at), partition, "spark", 1, Optional.of("ann"), Optional.of(query));
    }

    private static long hour(String begin) {
        return Accesses.hourOf(Instant.parse(begin));
    }
}
