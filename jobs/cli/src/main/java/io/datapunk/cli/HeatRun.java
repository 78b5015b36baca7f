package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.TieringConfig;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.tiering.heat.HeatJob;
import io.datapunk.tiering.heat.HeatReport;
import io.datapunk.tiering.heat.HeatSummary;
import io.datapunk.tiering.policy.Heat;
import io.datapunk.tiering.policy.HeatWindow;
import io.datapunk.tiering.policy.HeatWindows;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

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
            List<PartitionHeat> partitions) {}

    /** Accesses per hour, weighted as each tier's window weighs them. */
    record PartitionHeat(
            String partition, double hotPerHour, double warmPerHour, double coldPerHour, Instant lastAccess) {}

    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;

    HeatRun(Invocation invocation) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
    }

    Outcome run() {
        Optional<HeatReport> report = invocation.dryRun()
                ? Optional.empty()
                : Optional.of(new HeatJob(LakeSession.open(config, home), home, longestWindow())
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

    /** As far back as any rule looks. */
    private Duration longestWindow() {
        return Stream.concat(Stream.of(config.tiering()), config.datasets().values().stream())
                .flatMap(tiering -> Stream.of(
                        tiering.hot().window(),
                        tiering.hot().idleAge(),
                        tiering.warm().window(),
                        tiering.cold().window(),
                        tiering.cold().minimumAge()))
                .max(Comparator.naturalOrder())
                .orElseThrow();
    }

    private List<PartitionHeat> partitions(HeatSummary summary) {
        return summary.accesses().entrySet().stream()
                .map(entry -> {
                    Heat heat = Heat.of(
                            entry.getValue(),
                            windows(config.tiering(entry.getKey().dataset())),
                            invocation.now());
                    return new PartitionHeat(
                            entry.getKey().toString(),
                            heat.hot().perHour(),
                            heat.warm().perHour(),
                            heat.cold().perHour(),
                            heat.lastAccess().orElse(null));
                })
                .sorted(Comparator.comparingDouble(PartitionHeat::hotPerHour)
                        .thenComparingDouble(PartitionHeat::warmPerHour)
                        .thenComparingDouble(PartitionHeat::coldPerHour)
                        .reversed()
                        .thenComparing(PartitionHeat::partition))
                .toList();
    }

    private static HeatWindows windows(TieringConfig tiering) {
        return new HeatWindows(
                new HeatWindow(tiering.hot().window(), tiering.hot().hourlyDecay(), Duration.ofHours(1)),
                new HeatWindow(tiering.warm().window(), tiering.warm().dailyDecay(), Duration.ofDays(1)),
                new HeatWindow(tiering.cold().window(), 1, Duration.ofHours(1)));
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
                        Amounts.rate(heat.hotPerHour()),
                        Amounts.rate(heat.warmPerHour()),
                        Amounts.rate(heat.coldPerHour()),
                        heat.lastAccess() == null ? "never" : heat.lastAccess().toString()));
        table.print(out);
        if (result.partitions().size() > SHOWN) {
            out.println("… and " + (result.partitions().size() - SHOWN) + " more; --json lists all.");
        }
    }
}
