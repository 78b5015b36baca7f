package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.PartitionStatistics;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.spark.SqlService;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.tiering.heat.HeatJob;
import io.datapunk.tiering.heat.HeatReport;
import io.datapunk.tiering.heat.HeatSummary;
import io.datapunk.tiering.plan.TieringRules;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.SparkSession;

/** Runs the take-in and lists what is known afterwards. */
final class HeatRun {
    private static final int SHOWN = 30;

    /**
     * The result as {@code --json} prints it; {@code lines = accepted + rejected}.
     *
     * @param files spool files taken in
     * @param rejectedFolder where unusable lines were kept, null where there were none
     * @param observedSince null where nothing was ever taken in
     * @param measured partitions whose row in {@code lake.partition_stats} was renewed
     */
    record Result(
            long files,
            long lines,
            long accepted,
            long rejected,
            String rejectedFolder,
            Instant observedSince,
            Instant observedThrough,
            int measured,
            List<HeatOf> partitions) {}

    record HeatOf(String partition, PartitionHeat heat) {}

    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;
    private final TieringRules rules;

    HeatRun(Invocation invocation) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
        this.rules = TieringRules.of(config);
    }

    Outcome run() {
        SqlService.flush(home);
        Optional<HeatReport> report = Optional.empty();
        int measured = 0;
        if (!invocation.dryRun()) {
            SparkSession spark = LakeSession.open(config, home);
            report = Optional.of(
                    new HeatJob(spark, home, rules.longestWindow()).run(invocation.now(), invocation.progress()));
            measured = measure(spark);
        }
        HeatSummary summary = HeatSummary.read(home.spool());
        boolean observed = !summary.equals(HeatSummary.NONE);
        Result result = new Result(
                report.map(HeatReport::files).orElse(0L),
                report.map(HeatReport::lines).orElse(0L),
                report.map(HeatReport::accepted).orElse(0L),
                report.map(HeatReport::rejected).orElse(0L),
                report.flatMap(HeatReport::rejectedFolder).map(Object::toString).orElse(null),
                observed ? summary.observation().since() : null,
                observed ? summary.observation().through() : null,
                measured,
                partitions(summary));
        List<String> warnings = result.rejected() == 0
                ? List.of()
                : List.of(result.rejected() + " of " + result.lines()
                        + " access lines said nothing usable; they are kept in " + result.rejectedFolder());
        return new Outcome(result, out -> print(result, out), warnings, Optional.empty());
    }

    private int measure(SparkSession spark) {
        try (JobLease lease = new Leases(home).acquire("partition-stats");
                Progress.Stage stage =
                        invocation.progress().begin("measuring partitions", Progress.UNKNOWN_TOTAL, "partitions")) {
            int measured = new PartitionStatistics(spark, home).refresh().size();
            stage.advance(measured);
            return measured;
        }
    }

    private List<HeatOf> partitions(HeatSummary summary) {
        return summary.accesses().entrySet().stream()
                .map(entry -> new HeatOf(
                        entry.getKey().toString(),
                        PartitionHeat.of(rules.policies()
                                .apply(entry.getKey().dataset())
                                .heat(entry.getValue(), invocation.now()))))
                .sorted(Comparator.comparingDouble(
                                (HeatOf partition) -> partition.heat().hotPerHour())
                        .thenComparingDouble(partition -> partition.heat().warmPerHour())
                        .thenComparingDouble(partition -> partition.heat().coldPerHour())
                        .reversed()
                        .thenComparing(HeatOf::partition))
                .toList();
    }

    private static void print(Result result, PrintWriter out) {
        if (result.observedSince() == null) {
            out.println("No access was ever taken in; query something, then run `lake heat` again.");
            return;
        }
        out.println("Took in " + Amounts.of(result.accepted(), "accesses") + " from "
                + Amounts.of(result.files(), "files") + "; observed from " + result.observedSince() + " to "
                + result.observedThrough() + ".");
        if (result.partitions().isEmpty()) {
            return;
        }
        out.println();
        TextTable table = new TextTable(
                List.of("PARTITION", "HOT/H", "WARM/H", "COLD/H", "LAST ACCESS"), Set.of("HOT/H", "WARM/H", "COLD/H"));
        result.partitions().stream()
                .limit(SHOWN)
                .forEach(heat -> table.add(
                        heat.partition(),
                        Amounts.rate(heat.heat().hotPerHour()),
                        Amounts.rate(heat.heat().warmPerHour()),
                        Amounts.rate(heat.heat().coldPerHour()),
                        heat.heat().lastAccess() == null
                                ? "never"
                                : heat.heat().lastAccess().toString()));
        table.print(out);
        if (result.partitions().size() > SHOWN) {
            out.println("… and " + (result.partitions().size() - SHOWN) + " more; --json lists all.");
        }
    }
}
