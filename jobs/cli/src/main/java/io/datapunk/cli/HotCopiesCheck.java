package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.manifest.Finding;
import io.datapunk.lake.postgres.HotCopyInspection;
import io.datapunk.lake.postgres.HotCopyInspection.Difference;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.spark.LakeSession;
import java.util.List;
import java.util.Optional;

/** Every row that PostgreSQL serves against Delta. */
final class HotCopiesCheck implements DeepCheck {
    @Override
    public Result run(Invocation invocation) {
        LakeConfig config = invocation.config();
        LakeHome home = LakeHome.of(config);
        try {
            Optional<PostgresServer> reached = PostgresServer.openForReading(config.postgres(), home);
            if (reached.isEmpty()) {
                return new Result("0 partitions that PostgreSQL serves", List.of(), List.of());
            }
            try (PostgresServer server = reached.get()) {
                HotCopyInspection.Report report =
                        new HotCopyInspection(server.connection(), home, () -> LakeSession.open(config, home)).run();
                return new Result(
                        Amounts.of(report.compared(), "partitions") + " that PostgreSQL serves",
                        report.differences().stream()
                                .map(HotCopiesCheck::finding)
                                .toList(),
                        report.skipped().stream()
                                .map(reason -> "not compared with Delta: " + reason)
                                .toList());
            }
        } catch (HotStoreUnavailableException e) {
            throw e.asFailure();
        }
    }

    private static Finding finding(Difference difference) {
        String partition = difference.partition().toString();
        return new Finding(
                Finding.Kind.HOT_COPY,
                partition,
                "PostgreSQL, lake_hot." + difference.leaf(),
                difference.found().toString(),
                difference.expected() + ", as Delta's version " + difference.deltaVersion() + " has them",
                difference.written()
                        ? "`lake sql` and psql show which rows differ: somebody has written past the triggers, or Delta was"
                                + " set back; write the right rows in PostgreSQL, then `lake tier sync`"
                        : "Delta has the rows: `lake tier pin " + partition
                                + " --tier warm`, `lake tier apply`, `lake tier" + " pin " + partition + " --release`");
    }
}
