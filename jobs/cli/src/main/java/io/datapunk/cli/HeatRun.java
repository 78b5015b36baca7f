package io.datapunk.cli;

import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.AccessConfig;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.PartitionStatistics;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.spark.SqlService;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.tiering.heat.AccessRetention;
import io.datapunk.tiering.heat.HeatJob;
import io.datapunk.tiering.heat.HeatReport;
import io.datapunk.tiering.heat.HeatSources;
import io.datapunk.tiering.heat.HeatSummary;
import io.datapunk.tiering.plan.TieringRules;
import io.datapunk.tiering.policy.Observation;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.sql.SparkSession;

/** Runs the take-in and lists what is known afterwards. */
final class HeatRun {
    private static final int SHOWN = 30;

    /**
     * The result as {@code --json} prints it; {@code lines = accepted + future + rejected + left_out}.
     *
     * @param files spool files, access logs, imports and counters taken in
     * @param future lines whose time has not come; they wait for it
     * @param leftOut rows of imports and lines of access logs that do not count
     * @param rejectedFolder where unusable lines were kept, null where there were none
     * @param expiredDays days of the access log and its roll-up that were removed for their age
     * @param observedSince null where nothing was ever taken in
     * @param measured partitions whose row in {@code lake.partition_stats} was renewed
     */
    record Result(
            long files,
            long lines,
            long accepted,
            long future,
            long rejected,
            long leftOut,
            String rejectedFolder,
            int expiredDays,
            Instant observedSince,
            Instant observedThrough,
            int measured,
            List<HeatOf> partitions) {}

    record HeatOf(String partition, PartitionHeat heat) {}

    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;
    private final TieringRules rules;

    private final Set<String> sources;
    private final List<Path> imports;

    HeatRun(Invocation invocation) {
        this(invocation, List.of(), List.of());
    }

    /**
     * @param sources that are read, none for those of the configuration
     * @param imports files to import beside
     */
    HeatRun(Invocation invocation, List<String> sources, List<Path> imports) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.sources = sources.isEmpty() ? config.access().sources() : known(sources);
        this.imports = imports;
        this.home = LakeHome.openExisting(config);
        this.rules = TieringRules.of(config);
    }

    private static Set<String> known(List<String> sources) {
        sources.stream()
                .filter(name -> !AccessConfig.SOURCES.contains(name))
                .findFirst()
                .ifPresent(name -> {
                    throw LakeException.usage(
                            "'" + name + "' is not a source of accesses",
                            "there are " + String.join(", ", AccessConfig.SOURCES),
                            "give --source some of them, with commas between");
                });
        return new TreeSet<>(sources);
    }

    private HeatJob job(SparkSession spark) {
        return new HeatJob(
                spark,
                home,
                rules.longestWindow(),
                HeatSources.of(config, home, sources, imports),
                Optional.of(new AccessRetention(
                        AuditLog.of(config, home),
                        config.access().rawRetention(),
                        config.access().rolledUpRetention())));
    }

    Outcome run() {
        SqlService.flush(home);
        Optional<HeatReport> report = Optional.empty();
        int measured = 0;
        if (!invocation.dryRun()) {
            SparkSession spark = LakeSession.open(config, home);
            report = Optional.of(job(spark).run(invocation.now(), invocation.progress()));
            measured = measure(spark);
        }
        HeatSummary summary = HeatSummary.read(home.spool());
        boolean observed = !summary.observation().equals(Observation.NONE);
        Result result = new Result(
                report.map(HeatReport::files).orElse(0L),
                report.map(HeatReport::lines).orElse(0L),
                report.map(HeatReport::accepted).orElse(0L),
                report.map(HeatReport::future).orElse(0L),
                report.map(HeatReport::rejected).orElse(0L),
                report.map(HeatReport::leftOut).orElse(0L),
                report.flatMap(HeatReport::rejectedFolder).map(Object::toString).orElse(null),
                report.map(HeatReport::expiredDays).orElse(0),
                observed ? summary.observation().since() : null,
                observed ? summary.observation().through() : null,
                measured,
                partitions(summary));
        return new Outcome(result, out -> print(result, out), warnings(result, report), Optional.empty());
    }

    private static List<String> warnings(Result result, Optional<HeatReport> report) {
        List<String> warnings = new ArrayList<>();
        if (result.rejected() > 0) {
            warnings.add(result.rejected() + " of " + result.lines()
                    + " access lines said nothing usable; they are kept in " + result.rejectedFolder());
        }
        if (result.future() > 0) {
            warnings.add(result.future() + " of " + result.lines()
                    + " access lines lie in the future; they wait for their time");
        }
        report.map(HeatReport::warnings).ifPresent(warnings::addAll);
        return warnings;
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
        List<HeatOf> partitions = new ArrayList<>(summary.partitions());
        summary.forEach((partition, accesses) -> partitions.add(new HeatOf(
                partition.toString(),
                PartitionHeat.of(rules.policies().apply(partition.dataset()).heat(accesses, invocation.now())))));
        return partitions.stream()
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
