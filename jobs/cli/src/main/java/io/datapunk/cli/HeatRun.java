package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.spark.SqlService;
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

/** Runs the take-in and lists what is known afterwards. */
final class HeatRun {
    private static final int SHOWN = 30;

    /**
     * The result as {@code --json} prints it; {@code lines = accepted + rejected}.
     *
     * @param files spool files taken in
     * @param rejectedFolder where unusable lines were kept, null where there were none
     * @param observedSince null where nothing was ever taken in
     */
    record Result(
            long files,
            long lines,
            long accepted,
            long rejected,
            String rejectedFolder,
            Instant observedSince,
            Instant observedThrough,
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
        Optional<HeatReport> report = invocation.dryRun()
                ? Optional.empty()
                : Optional.of(new HeatJob(LakeSession.open(config, home), home, rules.longestWindow())
                        .run(invocation.now(), invocation.progress()));
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
                partitions(summary));
        List<String> warnings = result.rejected() == 0
                ? List.of()
                : List.of(result.rejected() + " of " + result.lines()
                        + " access lines said nothing usable; they are kept in " + result.rejectedFolder());
        return new Outcome(result, out -> print(result, out), warnings, Optional.empty());
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
