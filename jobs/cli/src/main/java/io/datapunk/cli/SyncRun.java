package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.Outbox;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.tiering.sync.DatasetSync;
import io.datapunk.tiering.sync.TierSyncJob;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;

/** Runs {@code lake tier sync}, and says what it brought to Delta. */
final class SyncRun {
    /** What a sync brought, as {@code --json} prints it. */
    record Synced(boolean dryRun, List<Dataset> datasets) {}

    /**
     * @param waiting writes that Delta does not have
     * @param leftOut changes of rows that Delta has deleted
     */
    record Dataset(String dataset, long waiting, long inserted, long updated, long deleted, long leftOut) {
        private static Dataset of(DatasetSync synced) {
            return new Dataset(
                    synced.dataset().toString(),
                    0,
                    synced.inserted(),
                    synced.updated(),
                    synced.deleted(),
                    synced.leftOut());
        }
    }

    private final Invocation invocation;
    private final LakeConfig config;
    private final LakeHome home;

    SyncRun(Invocation invocation) {
        this.invocation = invocation;
        this.config = invocation.config();
        this.home = LakeHome.openExisting(config);
    }

    Outcome run() {
        try (PostgresServer server = PostgresServer.open(config.postgres(), home)) {
            List<Dataset> datasets = invocation.dryRun()
                    ? Outbox.waiting(server.connection()).entrySet().stream()
                            .map(entry -> new Dataset(entry.getKey().toString(), entry.getValue(), 0, 0, 0, 0))
                            .toList()
                    : new TierSyncJob(config, home, () -> LakeSession.open(config, home), server.connection())
                            .run(invocation.now()).datasets().stream()
                                    .map(Dataset::of)
                                    .toList();
            return Outcome.of(new Synced(invocation.dryRun(), datasets), out -> print(datasets, out));
        }
    }

    private void print(List<Dataset> datasets, PrintWriter out) {
        if (datasets.isEmpty()) {
            out.println(
                    "Applications write no table in PostgreSQL. `lake config show` prints lake.postgres.operational-tables"
                            + " and lake.tiering.hot.writes.");
            return;
        }
        if (invocation.dryRun()) {
            TextTable table = new TextTable(List.of("DATASET", "WAITING"), Set.of("WAITING"));
            datasets.forEach(dataset -> table.add(dataset.dataset(), Long.toString(dataset.waiting())));
            table.print(out);
            return;
        }
        TextTable table = new TextTable(
                List.of("DATASET", "INSERTED", "UPDATED", "DELETED", "LEFT OUT"),
                Set.of("INSERTED", "UPDATED", "DELETED", "LEFT OUT"));
        datasets.forEach(dataset -> table.add(
                dataset.dataset(),
                Long.toString(dataset.inserted()),
                Long.toString(dataset.updated()),
                Long.toString(dataset.deleted()),
                Long.toString(dataset.leftOut())));
        table.print(out);
        if (datasets.stream().anyMatch(dataset -> dataset.leftOut() > 0)) {
            out.println("Left out: changes of rows that Delta has deleted meanwhile; the deletion stands.");
        }
    }
}
