package io.datapunk.cli;

import io.datapunk.archive.backup.create.CreateBackupJob;
import io.datapunk.archive.backup.point.PointName;
import io.datapunk.archive.backup.restore.DrillJob;
import io.datapunk.archive.backup.restore.RestoreBackupJob;
import io.datapunk.archive.backup.restore.RestoreInPlaceJob;
import io.datapunk.archive.backup.restore.Selection;
import io.datapunk.archive.backup.verify.VerifyBackupJob;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.spark.LakeSession;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/** Makes, verifies, restores and tries out backups. */
final class BackupRun {
    /** What was made, as {@code --json} prints it. */
    record Created(
            String point,
            List<String> locations,
            int tables,
            long rows,
            boolean postgres,
            long bytes,
            long newObjects,
            long newBytes,
            long storedBytes,
            List<String> pruned) {}

    /** A place where a backup is not what was written. */
    record Damaged(String location, String file, String what) {}

    /** What was verified. */
    record Verified(List<String> points, long objects, long bytes, List<Damaged> damages) {}

    /** What was restored. */
    record Restored(String point, String home, List<String> tables, long rows, long bytes, boolean postgres) {}

    /** What was restored in place. */
    record Replaced(String point, String dataset, long deltaVersion, long rows) {}

    /** How a drill went. */
    record Drilled(
            String drillId,
            String point,
            int tables,
            long rows,
            long bytes,
            double secondsToRecover,
            double allowedSeconds,
            long pointAgeSeconds,
            boolean postgres,
            List<String> findings) {}

    /** What is to be restored. */
    record Wish(
            Optional<String> point,
            Optional<Instant> at,
            OptionalLong version,
            Optional<String> dataset,
            Optional<String> partition) {
        private Selection selection() {
            Optional<PartitionName> name = partition.map(PartitionName::parse);
            Optional<DatasetName> table = dataset.map(DatasetName::parse);
            if (name.isPresent() && table.isPresent() && !name.get().dataset().equals(table.get())) {
                throw LakeException.usage(
                        "nothing was restored",
                        "--partition " + name.get() + " is not one of --dataset " + table.get(),
                        "leave --dataset out");
            }
            return new Selection(
                    point.map(PointName::new), at, version, table.or(() -> name.map(PartitionName::dataset)), name);
        }
    }

    private final Invocation invocation;

    BackupRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome create(boolean compliance, boolean readAll) {
        refuseDryRun("a backup", "what is new is known only when it was read");
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        CreateBackupJob.Report report = new CreateBackupJob(LakeSession.open(config, home), config, home)
                .run(new CreateBackupJob.Request(compliance, readAll, invocation.now()), invocation.progress());
        return new Outcome(
                new Created(
                        report.point().text(),
                        report.locations(),
                        report.tables(),
                        report.rows(),
                        report.postgres(),
                        report.bytes(),
                        report.newObjects(),
                        report.newBytes(),
                        report.storedBytes(),
                        report.pruned().stream().map(PointName::text).toList()),
                out -> {
                    out.println("Made the restore point " + report.point() + " in "
                            + String.join(", ", report.locations()) + ".");
                    out.println(Amounts.of(report.tables(), "tables") + " with " + Amounts.count(report.rows())
                            + " rows" + (report.postgres() ? ", and PostgreSQL" : "") + ": "
                            + Amounts.bytes(report.bytes()) + "; " + Amounts.bytes(report.newBytes())
                            + " of them new, stored in " + Amounts.bytes(report.storedBytes()) + ".");
                    report.pruned().forEach(point -> out.println("Removed the restore point " + point + "."));
                },
                report.warnings(),
                report.problems().stream().findFirst());
    }

    Outcome verify(Optional<String> from, double percent) {
        if (!(percent > 0 && percent <= 100)) {
            throw LakeException.usage(
                    "nothing was verified",
                    "--sample " + percent + " is no share in percent",
                    "write it as --sample 10");
        }
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.of(config);
        Optional<LakeHome> existing = home.isWritable() ? Optional.of(home) : Optional.empty();
        VerifyBackupJob.Report report = new VerifyBackupJob(config, existing)
                .run(
                        new VerifyBackupJob.Request(locations(from, home), percent / 100, invocation.now()),
                        invocation.progress());
        List<Damaged> damages = report.damages().stream()
                .map(damage -> new Damaged(damage.location(), damage.file(), damage.what()))
                .toList();
        return new Outcome(
                new Verified(
                        report.points().stream().map(PointName::text).toList(),
                        report.objects(),
                        report.bytes(),
                        damages),
                out -> {
                    report.points().forEach(point -> out.println("Restore point " + point));
                    out.println("Verified " + Amounts.of(report.objects(), "objects") + " of "
                            + Amounts.bytes(report.bytes()) + ".");
                    report.damages().forEach(damage -> out.println("Damaged: " + damage));
                },
                report.damages().isEmpty()
                        ? List.of()
                        : report.problems().stream()
                                .map(LakeException::getMessage)
                                .toList(),
                report.damages().stream()
                        .findFirst()
                        .map(first -> LakeException.gate(
                                report.damages().size() + " places of the backups are not what was written",
                                first.toString(),
                                "`lake doctor --deep` names the repair of each: --repair copies back what another location"
                                        + " has whole, `lake backup create` brings keys up to date, and with --full-read stores"
                                        + " anew what the lake still has"))
                        .or(() -> report.problems().stream().findFirst()));
    }

    Outcome restore(Optional<Path> target, Optional<String> from, Wish wish) {
        refuseDryRun("a restore", "`lake backup verify` tells whether it would succeed");
        Selection selection = wish.selection();
        LakeConfig config = invocation.config();
        RestoreBackupJob.Request request =
                new RestoreBackupJob.Request(locations(from, LakeHome.of(config)), selection, invocation.now());
        return target.isPresent() ? restore(target.get(), request) : restoreInPlace(request);
    }

    private Outcome restore(Path target, RestoreBackupJob.Request request) {
        LakeConfig config =
                invocation.config().withHome(target.toAbsolutePath().normalize().toString());
        boolean isOurs = LakeHome.of(config).equals(LakeHome.of(invocation.config()));
        RestoreBackupJob.Report report = new RestoreBackupJob(
                        () -> LakeSession.open(config, LakeHome.of(config)),
                        config,
                        isOurs ? RestoreBackupJob.Purpose.REPLACEMENT : RestoreBackupJob.Purpose.COPY,
                        new ErasedAgain(invocation, config))
                .run(request, invocation.progress());
        return new Outcome(
                new Restored(
                        report.point().text(),
                        report.home(),
                        report.tables(),
                        report.rows(),
                        report.bytes(),
                        report.postgres()),
                out -> out.println("Restored " + report.point() + " to " + report.home() + ": "
                        + Amounts.of(report.tables().size(), "tables") + " with " + Amounts.count(report.rows())
                        + " rows" + (report.postgres() ? ", and PostgreSQL" : "") + ", "
                        + Amounts.bytes(report.bytes()) + ", all as they were."),
                report.warnings(),
                Optional.empty());
    }

    private Outcome restoreInPlace(RestoreBackupJob.Request request) {
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        RestoreInPlaceJob.Report report =
                new RestoreInPlaceJob(LakeSession.open(config, home), config, home).run(request, invocation.progress());
        return Outcome.of(
                new Replaced(
                        report.point().text(),
                        report.dataset().toString(),
                        report.version(),
                        report.rows().rows()),
                out -> out.println("Restored " + Amounts.count(report.rows().rows()) + " rows of " + report.point()
                        + " in " + report.dataset() + ", as its version " + report.version() + "."));
    }

    Outcome drill(Optional<String> from) {
        refuseDryRun("a drill", "it changes nothing but archive.drills");
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        DrillJob.Report report = new DrillJob(LakeSession.open(config, home), config, home)
                .run(new DrillJob.Request(locations(from, home), invocation.now()), invocation.progress());
        return new Outcome(
                new Drilled(
                        report.id(),
                        report.point().text(),
                        report.tables(),
                        report.rows(),
                        report.bytes(),
                        report.seconds(),
                        report.allowedSeconds(),
                        report.age().toSeconds(),
                        report.postgres(),
                        report.findings()),
                out -> {
                    out.println(String.format(
                            Locale.ROOT,
                            "Restored %s for trial in %.1f s (%.0f s are allowed): %s with %s rows%s, %s.",
                            report.point(),
                            report.seconds(),
                            report.allowedSeconds(),
                            Amounts.of(report.tables(), "tables"),
                            Amounts.count(report.rows()),
                            report.postgres() ? ", and PostgreSQL" : "",
                            Amounts.bytes(report.bytes())));
                    report.findings().forEach(finding -> out.println("Not as it has to be: " + finding));
                },
                List.of(),
                report.findings().stream()
                        .findFirst()
                        .map(first -> LakeException.gate(
                                "the drill was not passed",
                                first,
                                "run `lake backup verify`; archive.drills has the earlier drills")));
    }

    private List<String> locations(Optional<String> from, LakeHome home) {
        return from.map(List::of).orElseGet(() -> invocation.config().backup().locations(home));
    }

    private void refuseDryRun(String what, String why) {
        invocation.refuseDryRun(what, why, "run it without --dry-run");
    }
}
