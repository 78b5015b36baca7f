package io.datapunk.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.datapunk.cli.metrics.Metric;
import io.datapunk.cli.metrics.Sample;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.maintenance.remediation.RemediationJob;
import io.datapunk.maintenance.remediation.RemediationReport;
import io.datapunk.maintenance.remediation.RemediationReport.Response;
import io.datapunk.maintenance.remediation.Trigger;
import io.datapunk.maintenance.remediation.Vitals;
import io.datapunk.tiering.apply.MoveResult;
import io.datapunk.tiering.apply.ReclaimJob;
import io.datapunk.tiering.apply.TierApplyJob;
import io.datapunk.tiering.apply.TierApplyReport;
import io.datapunk.tiering.plan.PlannedPartition;
import io.datapunk.tiering.plan.TierPlanJob;
import io.datapunk.tiering.policy.Placement;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Looks once whether something is about to run out. A server that does not run is not started for it. */
final class RemediateRun {
    /** What was done, as {@code --json} prints it. */
    record Remediated(boolean dryRun, List<Responded> responses, List<Failure> problems) {}

    /**
     * To one trigger.
     *
     * @param actions what was done; in a dry run, what would be
     * @param coolingUntil absent where nothing was done a short while ago
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Responded(String trigger, String subject, String why, List<String> actions, Instant coolingUntil) {
        private static Responded of(Response response) {
            return new Responded(
                    response.trigger().toString(),
                    response.subject(),
                    response.why(),
                    response.actions(),
                    response.coolingUntil().orElse(null));
        }
    }

    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;

    RemediateRun(Invocation invocation) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
    }

    Outcome run() {
        Optional<PostgresConnection> server = PostgresServer.running(config.postgres(), home);
        RemediationReport report = new RemediationJob(
                        config, home, server, bytes -> moveColdest(server.orElseThrow(), bytes))
                .run(invocation.now(), invocation.dryRun());
        return new Outcome(
                        new Remediated(
                                invocation.dryRun(),
                                report.responses().stream().map(Responded::of).toList(),
                                report.problems().stream().map(Failure::of).toList()),
                        out -> print(report, out),
                        // Of several problems the command ends with the first.
                        report.problems().stream()
                                .skip(1)
                                .map(LakeException::getMessage)
                                .toList(),
                        report.problems().stream().findFirst())
                .withMetrics(metrics(report));
    }

    private static List<Sample> metrics(RemediationReport report) {
        Vitals vitals = report.vitals();
        List<Sample> samples = new ArrayList<>();
        samples.add(Sample.of(Metric.PROCESSOR_USAGE, vitals.processors()));
        samples.add(Sample.of(Metric.MEMORY_USAGE, vitals.memory()));
        vitals.volumes().forEach((name, share) -> samples.add(Sample.of(Metric.DISK_USAGE, share, name)));
        vitals.storeLatency()
                .ifPresent(latency -> samples.add(Sample.of(Metric.STORAGE_LATENCY, latency.toNanos() / 1e9)));
        samples.add(Sample.of(Metric.RESOURCE_USAGE_SCORE, vitals.resourceUsageScore()));
        samples.add(Sample.of(Metric.SYSTEM_HEALTH_INDEX, vitals.systemHealthIndex()));
        samples.add(Sample.of(Metric.POSTGRES_UP, vitals.server().isPresent() ? 1 : 0));
        vitals.server().ifPresent(server -> {
            samples.add(Sample.of(Metric.POSTGRES_CONNECTIONS, server.connections()));
            samples.add(Sample.of(Metric.POSTGRES_MAX_CONNECTIONS, server.maxConnections()));
            samples.add(Sample.of(
                    Metric.POSTGRES_LONGEST_TRANSACTION,
                    server.longestTransaction().toMillis() / 1e3));
            samples.add(Sample.of(
                    Metric.POSTGRES_LONGEST_QUERY, server.longestQuery().toMillis() / 1e3));
            samples.add(Sample.of(
                    Metric.POSTGRES_REPLICATION_LAG,
                    server.replicationLag().orElse(Duration.ZERO).toMillis() / 1e3));
        });
        for (Trigger trigger : Trigger.values()) {
            samples.add(Sample.of(
                    Metric.REMEDIATION_ACTIONS,
                    report.responses().stream()
                            .filter(response -> response.trigger() == trigger)
                            .mapToLong(response -> response.actions().size())
                            .sum(),
                    trigger.toString()));
        }
        return samples;
    }

    /** A plan with less room in PostgreSQL takes out what is worth it least. */
    private List<String> moveColdest(PostgresConnection server, long bytes) {
        List<String> actions = new ArrayList<>();
        new ReclaimJob(config, home, LakeSession.open(config, home), server, invocation.progress())
                .run(invocation.now(), false)
                .reclaimed()
                .forEach(left -> actions.add("reclaim " + left.subject() + ", " + Amounts.bytes(left.bytes())));
        double hotBytes = TierPlanJob.of(config, home, server).preview(invocation.now()).partitions().stream()
                        .filter(planned -> planned.decision().from() == Placement.HOT)
                        .mapToLong(PlannedPartition::bytes)
                        .sum()
                * config.tiering().budget().hotBytesPerFileByte();
        LakeConfig tighter = config.withHotSpace(Math.max(0, (long) hotBytes - bytes));
        TierApplyReport report = TierApplyJob.of(
                        tighter, home, () -> LakeSession.open(config, home), server, invocation.progress())
                .run(invocation.now());
        report.results().stream()
                .filter(result -> result.problem().isEmpty())
                .forEach(result -> actions.add(text(result)));
        report.failure().ifPresent(problem -> {
            throw problem;
        });
        return actions;
    }

    private static String text(MoveResult result) {
        return "move " + result.partition() + " from "
                + result.planned().decision().from() + " to " + result.target() + ", "
                + Amounts.bytes(result.planned().bytes());
    }

    private void print(RemediationReport report, PrintWriter out) {
        if (report.responses().isEmpty() && report.problems().isEmpty()) {
            out.println("Nothing is about to run out.");
        }
        for (Response response : report.responses()) {
            out.println(response.trigger().toString().replace('_', ' ') + ": " + response.why());
            response.actions()
                    .forEach(action -> out.println((invocation.dryRun() ? "  would: " : "  done: ") + action));
            if (response.coolingUntil().isPresent()) {
                out.println("  something was done a short while ago; nothing is before "
                        + response.coolingUntil().get());
            } else if (response.actions().isEmpty()) {
                out.println("  there is nothing that could be done about it");
            }
        }
    }
}
