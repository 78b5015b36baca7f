package io.datapunk.archive.expire;

import io.datapunk.archive.bag.PackageCopies;
import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.bag.PackageStore;
import io.datapunk.archive.retention.Decision.Outcome;
import io.datapunk.archive.retention.Subject;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.audit.AuditTrail;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.RetentionConfig.Kind;
import io.datapunk.lake.hold.HoldStore;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import io.datapunk.lake.storage.Stores;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/**
 * Carries out a plan. What it names goes only where everything that was decided would be decided again now, of the same rows
 * and the same package: a hold that was placed since, a row that was added, a package that another one needs now stop it.
 * Each stands in the audit log before it goes. A run that was killed is taken up by the next one of the same plan.
 */
public final class ApplyExpiryJob {
    /** Who approved what needs no approval. */
    public static final String BY_RULE = "rule";

    private final SparkSession spark;
    private final LakeConfig config;
    private final LakeHome home;

    public ApplyExpiryJob(SparkSession spark, LakeConfig config, LakeHome home) {
        this.spark = spark;
        this.config = config;
        this.home = home;
    }

    /** Something that the plan names and that stays. */
    public record Left(Subject subject, String reason) {}

    /**
     * @param deleted now; what an earlier run of the plan deleted and recorded is not among it
     * @param left what stays although the plan names it
     */
    public record Report(String planId, List<Deleted> deleted, List<Left> left) {}

    /**
     * @throws LakeException (gate) where nobody approved the plan and nothing in it goes without; (failed) where the archive
     *     or a table cannot be read or changed, or another job changes them now
     */
    public Report run(String id, Instant now, Progress progress) {
        ExpiryPlan plan = new ExpiryPlanStore(home).read(id);
        try (JobLease archive = new Leases(home).acquire(Leases.ARCHIVE);
                JobLease tables = new Leases(home).acquire(Leases.TIERING)) {
            return LakeSession.internal(spark, () -> apply(plan, now, progress));
        } catch (IOException e) {
            throw PlanExpiryJob.unreadable(e);
        }
    }

    private Report apply(ExpiryPlan plan, Instant now, Progress progress) throws IOException {
        ExpiryHistory history = ExpiryHistory.read(AuditTrail.of(config, home), plan);
        Optional<String> approvedBy = history.approval().map(ExpiryHistory.Approval::by);
        if (approvedBy.isEmpty() && !plan.going().isEmpty() && plan.going().equals(plan.awaiting())) {
            throw LakeException.gate(
                    "plan " + plan.id() + " was not carried out",
                    "nobody approved it",
                    "look at it, then approve it: `lake archive expire --approve " + plan.id() + "`");
        }
        Configuration stores = Stores.configuration(config);
        PackageStore packages = PackageStore.of(config, home, stores);
        DeletionRecords records = new DeletionRecords(spark, home, plan);
        Set<String> recorded = records.subjects();
        ExpiringPartitions partitions = new ExpiringPartitions(spark, home, plan, new HoldStore(home).read());
        ExpiringPackages bags =
                new ExpiringPackages(spark, home, packages, PackageCopies.open(config.archive(), stores));
        SortedMap<Subject, PlannedExpiry> current = new TreeMap<>();
        new PlanExpiryJob(spark, config, home)
                .preview(packages, now)
                .rows()
                .forEach(row -> current.put(row.subject(), row));

        Deletion deletion =
                new Deletion(new ExpiryAudit(AuditLog.of(config, home), plan, now), approvedBy.orElse(BY_RULE));
        List<PlannedExpiry> doomed = new ArrayList<>();
        List<PlannedExpiry> gone = new ArrayList<>();
        Set<String> removed = partitions.removed();
        for (PlannedExpiry row : plan.going()) {
            String name = row.subject().name();
            boolean wasRemoved = row.subject().kind() == Kind.ROWS
                    ? removed.contains(name)
                    : history.begun().contains(name) && !packages.isComplete(new PackageFolder(name));
            if (recorded.contains(name)) {
                continue;
            }
            Optional<String> obstacle = wasRemoved
                    ? Optional.empty()
                    : obstacle(row, Optional.ofNullable(current.get(row.subject())), approvedBy.isPresent());
            if (obstacle.isPresent()) {
                deletion.leave(row, obstacle.get());
            } else {
                (wasRemoved ? gone : doomed).add(row);
            }
        }
        try (Progress.Stage stage = progress.begin("deleting", doomed.size() + gone.size(), "subjects")) {
            partitions.remove(of(Kind.ROWS, doomed), deletion);
            partitions.record(of(Kind.ROWS, gone), deletion);
            bags.remove(of(Kind.PACKAGES, doomed), of(Kind.PACKAGES, gone), deletion);
            stage.advance(doomed.size() + gone.size());
        }
        records.append(deletion.deleted(), now);
        return new Report(plan.id(), List.copyOf(deletion.deleted().keySet()), deletion.left());
    }

    /** Why something that the plan names stays. */
    private static Optional<String> obstacle(PlannedExpiry planned, Optional<PlannedExpiry> now, boolean approved) {
        if (now.isEmpty()) {
            return Optional.of("it is not there any more");
        }
        if (!now.get().goes()) {
            return Optional.of(now.get().reason());
        }
        if (!now.get().fingerprint().equals(planned.fingerprint())) {
            return Optional.of("it is another one than the plan saw; make a new plan");
        }
        if (planned.enteredBefore().isEmpty() && now.get().enteredBefore().isPresent()) {
            // Only a part of it may go now, as where a hold was placed since.
            return Optional.of(now.get().reason());
        }
        boolean automatic = planned.outcome() == Outcome.EXPIRE && now.get().outcome() == Outcome.EXPIRE;
        return approved || automatic ? Optional.empty() : Optional.of("nobody approved the plan");
    }

    private static List<PlannedExpiry> of(Kind kind, List<PlannedExpiry> rows) {
        return rows.stream().filter(row -> row.subject().kind() == kind).toList();
    }
}
