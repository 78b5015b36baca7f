package io.datapunk.cli;

import io.datapunk.archive.backup.repository.Backups;
import io.datapunk.archive.backup.verify.BackupDamage;
import io.datapunk.archive.backup.verify.RepairBackupsJob;
import io.datapunk.archive.backup.verify.VerifyBackupJob;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.manifest.Finding;
import io.datapunk.lake.manifest.Repair;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.BackupKeys;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Every file of the backups, in each of their locations. */
final class BackupsCheck implements DeepCheck {
    @Override
    public Result run(Invocation invocation) {
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.of(config);
        if (thereAreNone(config, home)) {
            return new Result("no backups, for there are none", List.of(), List.of());
        }
        if (!config.storage().encryption().isNamed()) {
            return new Result(
                    "no backups, for no keys are configured",
                    List.of(),
                    List.of("backups were not read, for no keys are configured: without them nothing in them opens"));
        }
        VerifyBackupJob.Report report = new VerifyBackupJob(config, Optional.of(home))
                .run(
                        new VerifyBackupJob.Request(config.backup().locations(home), 1, invocation.now()),
                        invocation.progress());
        return new Result(
                Amounts.of(report.points().size(), "restore points") + " with "
                        + Amounts.of(report.objects(), "objects") + " of " + Amounts.bytes(report.bytes()),
                report.damages().stream().map(BackupsCheck::finding).toList(),
                report.problems().stream().map(LakeException::getMessage).toList());
    }

    private static boolean thereAreNone(LakeConfig config, LakeHome home) {
        try {
            return !new Backups(config).any(home);
        } catch (IOException outOfReach) {
            return false;
        }
    }

    private static Finding finding(BackupDamage damage) {
        return new Finding(
                Finding.Kind.BACKUP,
                damage.location(),
                damage.file(),
                damage.what(),
                "",
                remedy(damage),
                damage.whole().map(other -> new Repair(damage.file(), other + "/" + damage.file())));
    }

    private static String remedy(BackupDamage damage) {
        if (damage.whole().isPresent()) {
            return "`lake doctor --deep --repair`, which copies it back from "
                    + damage.whole().get();
        }
        if (damage.file().equals(BackupKeys.FOLDER)) {
            return "give the keystore that has lake.backup.master-key; a location that is new gets its keys by `lake backup"
                    + " create`";
        }
        return damage.file().startsWith(BackupKeys.FOLDER)
                ? "`lake backup create`, which makes it what the lake has in keys/; a key that the lake has lost goes back"
                        + " there first"
                : "`lake backup create --full-read`, which stores anew what the lake still has";
    }

    @Override
    public void repair(List<Finding> findings, Invocation invocation) {
        LakeConfig config = invocation.config();
        new RepairBackupsJob(config, LakeHome.of(config))
                .run(
                        findings.stream()
                                .map(finding -> new BackupDamage(
                                        finding.subject(),
                                        finding.place(),
                                        finding.found(),
                                        finding.repair().map(Repair::copy)))
                                .toList(),
                        invocation.now());
    }
}
