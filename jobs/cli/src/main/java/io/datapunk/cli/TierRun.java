package io.datapunk.cli;

import io.datapunk.cli.metrics.Metric;
import io.datapunk.cli.metrics.Sample;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Tier;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.ColdCopies;
import io.datapunk.tiering.apply.ColdCopyJob;
import io.datapunk.tiering.apply.MoveResult;
import io.datapunk.tiering.apply.ReclaimJob;
import io.datapunk.tiering.apply.ReclaimReport;
import io.datapunk.tiering.apply.TierApplyJob;
import io.datapunk.tiering.apply.TierApplyReport;
import io.datapunk.tiering.plan.PlannedPartition;
import io.datapunk.tiering.plan.TierPlan;
import io.datapunk.tiering.plan.TierPlanJob;
import io.datapunk.tiering.policy.Observation;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes plans and carries them out, with PostgreSQL running meanwhile. */
final class TierRun {
    /**
     * A plan as {@code --json} prints it.
     *
     * @param versions the version of each table that was read
     * @param observedSince null where no access was ever taken in
     */
    record Plan(
            String planId,
            Instant now,
            String policy,
            String rules,
            Map<String, Long> versions,
            Instant observedSince,
            Instant observedThrough,
            List<Row> partitions) {
        private static Plan of(TierPlan plan) {
            Map<String, Long> versions = new TreeMap<>();
            plan.versions().forEach((dataset, version) -> versions.put(dataset.toString(), version));
            boolean observed = !plan.observation().equals(Observation.NONE);
            return new Plan(
                    plan.id(),
                    plan.now(),
                    plan.policy(),
                    plan.rules(),
                    versions,
                    observed ? plan.observation().since() : null,
                    observed ? plan.observation().through() : null,
                    plan.partitions().stream().map(Row::of).toList());
        }
    }

    /**
     * What a plan does with one partition.
     *
     * @param outcome {@code stay}, {@code move}, {@code defer}
     * @param to null where it stays
     * @param rows null where its files carry no count
     */
    record Row(
            String partition,
            String from,
            String outcome,
            String to,
            long bytes,
            Long rows,
            PartitionHeat heat,
            String reason) {
        private static Row of(PlannedPartition planned) {
            return new Row(
                    planned.partition().toString(),
                    planned.decision().from().name(),
                    planned.decision().outcome().name().toLowerCase(Locale.ROOT),
                    planned.decision().to().map(Tier::name).orElse(null),
                    planned.bytes(),
                    planned.rows() == DataFile.ROWS_UNKNOWN ? null : planned.rows(),
                    PartitionHeat.of(planned.decision().heat()),
                    planned.decision().reason());
        }
    }

    /**
     * What was carried out, as {@code --json} prints it.
     *
     * @param resumed whether it finished a plan that an interrupted run had begun
     */
    record Applied(String planId, boolean resumed, List<Move> moves, Copies copies) {
        private static Applied of(TierApplyReport report, ColdCopies.Made copies) {
            return new Applied(
                    report.plan().id(),
                    report.resumed(),
                    report.results().stream().map(Move::of).toList(),
                    new Copies(copies.files(), copies.bytes()));
        }
    }

    /** Cold files that were copied to further locations. */
    record Copies(int files, long bytes) {}

    /**
     * What became of a planned move.
     *
     * @param state {@code done}, {@code found_done}, {@code refused}, {@code failed}
     * @param checksum of the rows that were copied, as read back; null where none were
     * @param error null where the partition is where the plan wants it
     */
    record Move(
            String partition,
            String from,
            String to,
            String state,
            long bytes,
            String reason,
            String checksum,
            Failure error) {
        private static Move of(MoveResult result) {
            return new Move(
                    result.partition().toString(),
                    result.planned().decision().from().name(),
                    result.target().name(),
                    result.state().name().toLowerCase(Locale.ROOT),
                    result.planned().bytes(),
                    result.planned().decision().reason(),
                    result.checksum().map(checksum -> checksum.hex()).orElse(null),
                    result.problem().map(Failure::of).orElse(null));
        }
    }

    /** What {@code reclaim} removed, or would, as {@code --json} prints it. */
    record Reclaimed(boolean dryRun, List<Leftover> reclaimed, List<Held> held) {}

    /** Files of a dataset that stay because of holds. */
    record Held(String dataset, int files, List<String> holds) {}

    /** @param kind {@code files} of a dataset that nothing refers to, or a {@code copy} of a partition in PostgreSQL */
    record Leftover(String kind, String subject, int count, long bytes) {
        private static Leftover of(ReclaimReport.Reclaimed reclaimed) {
            return new Leftover(
                    reclaimed.kind().name().toLowerCase(Locale.ROOT),
                    reclaimed.subject(),
                    reclaimed.count(),
                    reclaimed.bytes());
        }
    }

    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;

    TierRun(Invocation invocation) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
    }

    Outcome plan() {
        try (PostgresServer server = PostgresServer.open(config.postgres(), home)) {
            TierPlanJob job = TierPlanJob.of(config, home, server.connection());
            TierPlan plan = invocation.dryRun() ? job.preview(invocation.now()) : job.run(invocation.now());
            return Outcome.of(Plan.of(plan), out -> plan.lines().forEach(out::println));
        }
    }

    /** @param planId null for a new plan */
    Outcome apply(String planId) {
        if (invocation.dryRun()) {
            return plan();
        }
        try (PostgresServer server = PostgresServer.open(config.postgres(), home)) {
            TierApplyJob job = TierApplyJob.of(
                    config, home, () -> LakeSession.open(config, home), server.connection(), invocation.progress());
            TierApplyReport report = planId == null ? job.run(invocation.now()) : job.run(planId, invocation.now());
            ColdCopies.Made copies = ColdCopyJob.of(config, home).run(invocation.progress());
            return new Outcome(
                            Applied.of(report, copies),
                            out -> {
                                print(report, out);
                                print(copies, out);
                            },
                            warnings(copies),
                            report.failure().or(() -> copies.problems().stream().findFirst()))
                    .withMetrics(metrics(report));
        }
    }

    private static List<Sample> metrics(TierApplyReport report) {
        Map<List<String>, Long> moves = new TreeMap<>(Comparator.comparing(List::toString));
        Map<List<String>, Long> bytes = new TreeMap<>(Comparator.comparing(List::toString));
        for (MoveResult result : report.results()) {
            Move move = Move.of(result);
            moves.merge(List.of(move.from(), move.to(), move.state()), 1L, Long::sum);
            if (result.problem().isEmpty()) {
                bytes.merge(List.of(move.from(), move.to()), move.bytes(), Long::sum);
            }
        }
        List<Sample> samples = new ArrayList<>();
        moves.forEach((labels, count) -> samples.add(new Sample(Metric.TIER_MOVES, count, labels)));
        bytes.forEach((labels, sum) -> samples.add(new Sample(Metric.TIER_MOVED_BYTES, sum, labels)));
        return samples;
    }

    /** Of several problems the command ends with the first. */
    private static List<String> warnings(ColdCopies.Made copies) {
        return copies.problems().stream().map(LakeException::getMessage).toList();
    }

    private static void print(ColdCopies.Made copies, PrintWriter out) {
        if (copies.files() > 0) {
            out.println(Amounts.of(copies.files(), "cold files") + ", " + Amounts.bytes(copies.bytes())
                    + ", were copied to further locations and read back.");
        }
    }

    Outcome reclaim() {
        try (PostgresServer server = PostgresServer.open(config.postgres(), home)) {
            ReclaimJob job = new ReclaimJob(
                    config, home, LakeSession.open(config, home), server.connection(), invocation.progress());
            ReclaimReport report = job.run(invocation.now(), invocation.dryRun());
            List<Leftover> leftovers =
                    report.reclaimed().stream().map(Leftover::of).toList();
            List<Held> held = report.held().stream()
                    .map(left -> new Held(left.dataset().toString(), left.files(), left.holds()))
                    .toList();
            return Outcome.of(new Reclaimed(invocation.dryRun(), leftovers, held), out -> {
                print(leftovers, out);
                held.forEach(left -> out.println("Left alone: " + Amounts.count(left.files()) + " files of "
                        + left.dataset() + ", by the hold " + String.join(", ", left.holds()) + "."));
            });
        }
    }

    private void print(List<Leftover> leftovers, PrintWriter out) {
        if (leftovers.isEmpty()) {
            out.println("Nothing is left over that may go.");
            return;
        }
        out.println(invocation.dryRun() ? "This would be removed:" : "This was removed:");
        TextTable table = new TextTable(List.of("OF", "KIND", "COUNT", "SIZE"), Set.of("COUNT", "SIZE"));
        leftovers.forEach(leftover -> table.add(
                leftover.subject(),
                leftover.kind(),
                Integer.toString(leftover.count()),
                Amounts.bytes(leftover.bytes())));
        table.print(out);
    }

    private static void print(TierApplyReport report, PrintWriter out) {
        out.println("plan " + report.plan().id() + (report.resumed() ? ", begun by a run that was interrupted" : ""));
        if (report.results().isEmpty()) {
            out.println("Nothing had to move.");
            return;
        }
        TextTable table = new TextTable(List.of("PARTITION", "FROM", "TO", "SIZE", "STATE", "WHY"), Set.of("SIZE"));
        report.results()
                .forEach(result -> table.add(
                        result.partition().toString(),
                        result.planned().decision().from().name(),
                        result.target().name(),
                        Amounts.bytes(result.planned().bytes()),
                        result.state().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                        result.problem()
                                .map(problem -> problem.problem() + ": " + problem.reason())
                                .orElse(result.planned().decision().reason())));
        table.print(out);
    }
}
