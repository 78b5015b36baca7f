package io.datapunk.tiering.plan;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.postgres.HotStoreUnavailableException;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.lake.postgres.RefusedPartitions;
import io.datapunk.lake.postgres.RefusedPartitions.Refusal;
import io.datapunk.lake.postgres.Served;
import io.datapunk.lake.postgres.ServedPartitions;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What PostgreSQL serves at one moment.
 *
 * @param served empty where the server is out of reach, so that nobody knows
 * @param refused partitions that it could not hold exactly
 * @param outOfReach why it is
 */
public record HotCopies(
        Optional<Map<PartitionName, HotCopy>> served,
        Map<PartitionName, Refusal> refused,
        Optional<LakeException> outOfReach) {
    /**
     * Asks the lake's server. The embedded one is started unless it runs; one that has no data serves nothing, and nothing
     * is started for it.
     *
     * @throws LakeException where a server answers, but refuses
     */
    public static HotCopies read(LakeConfig config, LakeHome home) {
        Optional<PostgresServer> server;
        try {
            server = PostgresServer.openForReading(config.postgres(), home);
        } catch (LakeException e) {
            return outOfReach(e);
        }
        if (server.isEmpty()) {
            return new HotCopies(Optional.of(Map.of()), Map.of(), Optional.empty());
        }
        try (PostgresServer open = server.get()) {
            return of(open.connection(), config.postgres().connectTimeout());
        }
    }

    /** Asks a server that is in use. */
    static HotCopies of(PostgresConnection server, Duration timeout) {
        try {
            Map<PartitionName, HotCopy> copies = new TreeMap<>();
            ServedPartitions.read(server, timeout).forEach((partition, found) -> {
                if (found.state() == Served.State.SERVING) {
                    copies.put(partition, new HotCopy(found.fileSetHash(), found.bytes(), found.rows()));
                }
            });
            return new HotCopies(Optional.of(copies), RefusedPartitions.read(server, timeout), Optional.empty());
        } catch (HotStoreUnavailableException e) {
            return outOfReach(e.asFailure());
        }
    }

    private static HotCopies outOfReach(LakeException why) {
        return new HotCopies(Optional.empty(), Map.of(), Optional.of(why));
    }
}
