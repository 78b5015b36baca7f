package io.datapunk.cli;

import io.datapunk.archive.bag.PackageFolder;
import io.datapunk.archive.create.CreateDuePackagesJob;
import io.datapunk.archive.create.CreateExportPackageJob;
import io.datapunk.archive.create.CreatePartitionPackageJob;
import io.datapunk.archive.restore.RestorePackageJob;
import io.datapunk.archive.restore.VerifyPackagesJob;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.spark.LakeSession;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Makes, verifies and opens packages. */
final class ArchiveRun {
    /** A place where a package is not what was written, as {@code --json} prints it. */
    record Damaged(String path, String file, long offset, String what) {}

    /** What was verified. */
    record Verified(List<String> packages, List<Damaged> damages) {}

    /** An entry that is not in the package. */
    record Unreadable(String entry, String reason) {}

    /** What was packed. */
    record Created(
            String path,
            boolean newlyMade,
            String userId,
            long entries,
            long bytes,
            long newBytes,
            long storedBytes,
            List<Unreadable> unreadable) {}

    /** What was packed of a partition. */
    record Archived(
            String path,
            boolean newlyMade,
            String partition,
            long deltaVersion,
            long rows,
            long persons,
            long bytes,
            long newBytes,
            long storedBytes) {}

    /** What was packed of partitions past their cold age. */
    record ArchivedDue(List<Archived> partitions, long packaged, long young) {}

    /** What was written out. */
    record Restored(String path, String target, long entries, long bytes) {}

    private final Invocation invocation;

    ArchiveRun(Invocation invocation) {
        this.invocation = invocation;
    }

    Outcome create(String partition, String reason) {
        refuseDryRun();
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        CreatePartitionPackageJob.Report report = new CreatePartitionPackageJob(
                        LakeSession.open(config, home), config, home)
                .run(
                        new CreatePartitionPackageJob.Request(PartitionName.parse(partition), reason, invocation.now()),
                        invocation.progress());
        return Outcome.of(archived(report), out -> print(report, out)).withWarnings(report.warnings());
    }

    Outcome createDue(String reason) {
        refuseDryRun();
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        CreateDuePackagesJob.Report report = new CreateDuePackagesJob(LakeSession.open(config, home), config, home)
                .run(reason, invocation.now(), invocation.progress());
        return Outcome.of(
                        new ArchivedDue(
                                report.due().stream().map(ArchiveRun::archived).toList(),
                                report.packaged(),
                                report.young()),
                        out -> {
                            report.due().forEach(due -> print(due, out));
                            out.println(Amounts.count(report.due().size()) + " partitions were packed, "
                                    + Amounts.count(report.packaged()) + " are packed already, "
                                    + Amounts.count(report.young()) + " were written too lately.");
                        })
                .withWarnings(report.due().stream()
                        .flatMap(due -> due.warnings().stream())
                        .distinct()
                        .toList());
    }

    private static Archived archived(CreatePartitionPackageJob.Report report) {
        return new Archived(
                report.path(),
                report.newlyMade(),
                report.partition().toString(),
                report.deltaVersion(),
                report.rows(),
                report.persons(),
                report.bytes(),
                report.newBytes(),
                report.storedBytes());
    }

    private static void print(CreatePartitionPackageJob.Report report, PrintWriter out) {
        out.println(made(report.newlyMade(), report.path()));
        out.println(Amounts.count(report.rows()) + " rows of " + Amounts.count(report.persons()) + " persons, "
                + Amounts.bytes(report.bytes()) + " as Parquet; " + Amounts.bytes(report.newBytes())
                + " of them new, stored in " + Amounts.bytes(report.storedBytes()) + ".");
    }

    private static String made(boolean newlyMade, String path) {
        return newlyMade
                ? "Made the package " + path + "."
                : "The package " + path + " holds just this already; none was made.";
    }

    private void refuseDryRun() {
        invocation.refuseDryRun(
                "making a package",
                "what is new is known only when everything was read",
                "make it in another place: LAKE_ARCHIVE_LOCATION=/tmp/trial");
    }

    Outcome create(List<Path> exports, String user, String category, String reason) {
        refuseDryRun();
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.openExisting(config);
        CreateExportPackageJob.Report report = new CreateExportPackageJob(LakeSession.open(config, home), config, home)
                .run(
                        new CreateExportPackageJob.Request(exports, user, category, reason, invocation.now()),
                        invocation.progress());
        List<Unreadable> unreadable = report.unreadable().entrySet().stream()
                .map(entry -> new Unreadable(entry.getKey(), entry.getValue()))
                .toList();
        return new Outcome(
                new Created(
                        report.path(),
                        report.newlyMade(),
                        report.userId(),
                        report.entries(),
                        report.bytes(),
                        report.newBytes(),
                        report.storedBytes(),
                        unreadable),
                out -> {
                    out.println(made(report.newlyMade(), report.path()));
                    out.println(Amounts.count(report.entries()) + " entries of " + Amounts.bytes(report.bytes()) + "; "
                            + Amounts.bytes(report.newBytes()) + " of them new, stored in "
                            + Amounts.bytes(report.storedBytes()) + ".");
                    unreadable.forEach(entry -> out.println("Not in it: " + entry.entry() + ": " + entry.reason()));
                },
                report.warnings(),
                unreadable.isEmpty()
                        ? Optional.empty()
                        : Optional.of(LakeException.gate(
                                unreadable.size() + " entries are not in the package",
                                unreadable.get(0).entry() + ": "
                                        + unreadable.get(0).reason(),
                                "keep the export; what can be read of it is in the package")));
    }

    Outcome verify(Optional<String> name, boolean filesOnly) {
        VerifyPackagesJob.Report report = new VerifyPackagesJob(
                        invocation.config(), LakeHome.openExisting(invocation.config()))
                .run(name, filesOnly, invocation.now(), invocation.progress());
        List<Damaged> damages = report.damages().stream()
                .map(damage -> new Damaged(damage.folder().path(), damage.file(), damage.offset(), damage.what()))
                .toList();
        return new Outcome(
                new Verified(report.packages().stream().map(PackageFolder::path).toList(), damages),
                out -> {
                    out.println("Verified " + Amounts.count(report.packages().size()) + " packages.");
                    report.damages().forEach(damage -> out.println("Damaged: " + damage));
                },
                report.warnings(),
                report.damages().stream()
                        .findFirst()
                        .map(
                                first -> LakeException.gate(
                                        report.damages().size() + " places of the archive are not what was written",
                                        first.toString(),
                                        "copy the files back from a copy of the archive, and run `lake archive verify` again")));
    }

    Outcome restore(String name, Optional<String> entries, Path target) {
        invocation.refuseDryRun(
                "a restore",
                "it changes nothing but the new folder",
                "`lake archive verify " + name + "` tells whether it would succeed");
        RestorePackageJob.Report report = new RestorePackageJob(
                        invocation.config(), LakeHome.openExisting(invocation.config()))
                .run(new RestorePackageJob.Request(name, entries, target, invocation.now()), invocation.progress());
        return Outcome.of(
                        new Restored(report.path(), report.target().toString(), report.entries(), report.bytes()),
                        out -> out.println("Restored " + Amounts.count(report.entries()) + " entries of "
                                + Amounts.bytes(report.bytes()) + " to " + report.target() + "."))
                .withWarnings(report.warnings());
    }
}
