package io.datapunk.cli;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.manifest.TablesInspection;
import java.util.List;

/** Every table's log and files against its manifest. */
final class TablesCheck implements DeepCheck {
    @Override
    public Result run(Invocation invocation) {
        TablesInspection.Report report = new TablesInspection(invocation.config(), LakeHome.of(invocation.config()))
                .run(invocation.now(), invocation.progress());
        return new Result(
                Amounts.of(report.tables(), "tables") + " with " + Amounts.of(report.files(), "live files") + " of "
                        + Amounts.bytes(report.bytes()),
                report.findings(),
                report.unhashed() == 0
                        ? List.of()
                        : List.of("no hash is known of " + Amounts.of(report.unhashed(), "live files")
                                + ": their sizes and rows were compared, not their bytes"));
    }
}
