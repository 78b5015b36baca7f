package io.datapunk.cli;

import io.datapunk.archive.restore.VerifyPackagesJob;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.manifest.Finding;
import java.util.List;
import java.util.Optional;

/** Every package against its manifests and, where there are keys, against what was archived. */
final class PackagesCheck implements DeepCheck {
    @Override
    public Result run(Invocation invocation) {
        boolean filesOnly = !invocation.config().storage().encryption().isNamed();
        VerifyPackagesJob.Report report = new VerifyPackagesJob(invocation.config(), LakeHome.of(invocation.config()))
                .run(Optional.empty(), filesOnly, invocation.now(), invocation.progress());
        return new Result(
                Amounts.of(report.packages().size(), "packages"),
                report.damages().stream()
                        .map(damage -> new Finding(
                                Finding.Kind.PACKAGE,
                                damage.folder().path(),
                                damage.file() + (damage.offset() < 0 ? "" : ", byte " + damage.offset()),
                                damage.what(),
                                "",
                                "copy the file back from a copy of the archive, then `lake archive verify`"))
                        .toList(),
                filesOnly && !report.packages().isEmpty()
                        ? List.of(
                                "packages were not decrypted, for no keys are configured: only their files were compared")
                        : List.of());
    }
}
