package io.datapunk.cli;

import io.datapunk.archive.expire.ApplyExpiryJob;
import io.datapunk.archive.expire.ApproveExpiryJob;
import io.datapunk.archive.expire.ExpiryPlan;
import io.datapunk.archive.expire.PlanExpiryJob;
import io.datapunk.archive.expire.PlannedExpiry;
import io.datapunk.archive.retention.Decision;
import io.datapunk.archive.retention.Subject;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.spark.LakeSession;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Plans, approves and carries out what expires. */
final class ExpireRun {
    private static final Set<Decision.Outcome> UNREMARKABLE =
            EnumSet.of(Decision.Outcome.YOUNG, Decision.Outcome.KEPT, Decision.Outcome.NO_CLASS);

    /** A partition or package of a plan, as {@code --json} prints it. */
    record Planned(
            String kind,
            String subject,
            String decision,
            String retentionClass,
            Instant dueAt,
            Instant enteredBefore,
            Long rows,
            long bytes,
            String reason) {
        private static Planned of(PlannedExpiry row) {
            return new Planned(
                    ExpireRun.kind(row.subject()),
                    row.subject().name(),
                    row.outcome().name(),
                    row.retentionClass().orElse(null),
                    row.dueAt().orElse(null),
                    row.enteredBefore().orElse(null),
                    row.rows().isPresent() ? row.rows().getAsLong() : null,
                    row.bytes(),
                    row.reason());
        }
    }

    /** A plan; empty id: it was not stored. */
    record Plan(String planId, List<Planned> subjects) {}

    /** An approval. */
    record Approved(String planId, String approvedBy, int subjects, long bytes) {}

    /** What went. */
    record Gone(String kind, String subject, String retentionClass, Long rows, long bytes, String checksum) {}

    /** What the plan names and what stayed. */
    record Stayed(String kind, String subject, String reason) {}

    /** How a plan was carried out. */
    record Applied(String planId, List<Gone> deleted, List<Stayed> left) {}

    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;

    ExpireRun(Invocation invocation) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
    }

    Outcome plan() {
        PlanExpiryJob job = new PlanExpiryJob(LakeSession.open(config, home), config, home);
        ExpiryPlan plan = invocation.dryRun() ? job.preview(invocation.now()) : job.run(invocation.now());
        String id = invocation.dryRun() ? "" : plan.id();
        return Outcome.of(new Plan(id, plan.rows().stream().map(Planned::of).toList()), out -> print(plan, id, out));
    }

    private static void print(ExpiryPlan plan, String id, PrintWriter out) {
        TextTable table =
                new TextTable(List.of("DECISION", "SUBJECT", "ROWS", "BYTES", "REASON"), Set.of("ROWS", "BYTES"));
        List<PlannedExpiry> remarkable = plan.rows().stream()
                .filter(row -> !UNREMARKABLE.contains(row.outcome()))
                .toList();
        remarkable.forEach(row -> table.add(
                row.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                row.subject().name(),
                row.rows().isPresent() ? Amounts.count(row.rows().getAsLong()) : "",
                Amounts.bytes(row.bytes()),
                row.reason()));
        if (!remarkable.isEmpty()) {
            table.print(out);
        }
        out.println(Amounts.count(plan.going().size()) + " may go, "
                + Amounts.count(plan.awaiting().size())
                + " of them after an approval; " + count(plan, Decision.Outcome.YOUNG) + " are too young, "
                + count(plan, Decision.Outcome.KEPT) + " are kept for ever, " + count(plan, Decision.Outcome.NO_CLASS)
                + " have no class.");
        if (!id.isEmpty() && !plan.going().isEmpty()) {
            out.println("Plan " + id + "."
                    + (plan.awaiting().isEmpty() ? "" : " Approve it: lake archive expire --approve " + id + ".")
                    + " Carry it out: lake archive expire --apply " + id);
        }
    }

    private static String count(ExpiryPlan plan, Decision.Outcome outcome) {
        return Amounts.count(
                plan.rows().stream().filter(row -> row.outcome() == outcome).count());
    }

    Outcome approve(String id, Optional<String> by) {
        refuseDryRun();
        String approver = by.orElseGet(() -> System.getProperty("user.name"));
        ExpiryPlan plan = new ApproveExpiryJob(config, home).run(id, approver, invocation.now());
        long bytes = plan.going().stream().mapToLong(PlannedExpiry::bytes).sum();
        return Outcome.of(
                new Approved(id, approver, plan.going().size(), bytes),
                out -> out.println(approver + " approved plan " + id + ": "
                        + Amounts.count(plan.going().size()) + " partitions and packages of " + Amounts.bytes(bytes)
                        + "."));
    }

    Outcome apply(String id) {
        refuseDryRun();
        ApplyExpiryJob.Report report = new ApplyExpiryJob(LakeSession.open(config, home), config, home)
                .run(id, invocation.now(), invocation.progress());
        List<Gone> deleted = report.deleted().stream()
                .map(gone -> new Gone(
                        kind(gone.subject()),
                        gone.subject().name(),
                        gone.retentionClass(),
                        gone.rows().isPresent() ? gone.rows().getAsLong() : null,
                        gone.bytes(),
                        gone.checksum()))
                .toList();
        List<Stayed> left = report.left().stream()
                .map(stayed ->
                        new Stayed(kind(stayed.subject()), stayed.subject().name(), stayed.reason()))
                .toList();
        return new Outcome(
                new Applied(id, deleted, left),
                out -> {
                    deleted.forEach(gone -> out.println("Deleted " + gone.subject() + "."));
                    left.forEach(stayed -> out.println("Left " + stayed.subject() + ": " + stayed.reason() + "."));
                    out.println(
                            "Plan " + id + ": " + Amounts.count(deleted.size()) + " deleted, "
                                    + Amounts.count(left.size())
                                    + " left. Files of tables go with `lake tier reclaim`, once their tables' retention is over.");
                },
                List.of(),
                left.stream()
                        .findFirst()
                        .map(first -> LakeException.gate(
                                left.size() + " of plan " + id + " stayed",
                                first.subject() + ": " + first.reason(),
                                "make a new plan with `lake archive expire`, and look at it")));
    }

    private static String kind(Subject subject) {
        return subject.kind().name().toLowerCase(Locale.ROOT);
    }

    private void refuseDryRun() {
        invocation.refuseDryRun(
                "this", "a plan is what would be done", "`lake archive expire --dry-run` shows one without storing it");
    }
}
