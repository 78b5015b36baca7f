package io.datapunk.cli;

import io.datapunk.archive.backup.point.RestorePoint;
import io.datapunk.archive.backup.restore.AfterRestore;
import io.datapunk.archive.erase.EraseJob;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.spark.LakeSession;

/** Erases again in a restored lake whom the lake has erased since the restore point was made. */
record ErasedAgain(Invocation invocation, LakeConfig config) implements AfterRestore {
    @Override
    public void replay(LakeHome restored, RestorePoint point) {
        if (EraseJob.hasErasures(config, restored)) {
            try (PostgresServer server = PostgresServer.open(config.postgres(), restored)) {
                new EraseJob(
                                config,
                                restored,
                                LakeSession.open(config, restored),
                                server.connection(),
                                invocation.progress())
                        .replayHere(invocation.now());
            }
        }
    }
}
