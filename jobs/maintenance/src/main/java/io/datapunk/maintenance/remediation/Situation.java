package io.datapunk.maintenance.remediation;

import io.datapunk.lake.postgres.ServerSessions.Session;
import java.util.List;
import java.util.Optional;

/**
 * What was found.
 *
 * @param server empty where none runs
 */
record Situation(Optional<Server> server, List<Volume> volumes) {
    Situation {
        volumes = List.copyOf(volumes);
    }

    /**
     * A PostgreSQL that runs.
     *
     * @param connections to all its databases
     * @param sessions of the lake's database
     * @param blocksHit that were found in its memory since its statistics began
     * @param blocksRead that were not
     */
    record Server(long connections, long maxConnections, List<Session> sessions, long blocksHit, long blocksRead) {
        Server {
            sessions = List.copyOf(sessions);
        }

        double share() {
            return (double) connections / maxConnections;
        }
    }

    /**
     * A disk.
     *
     * @param name which one, as {@code home}
     * @param holdsServer whether the data of the embedded PostgreSQL lies on it
     */
    record Volume(String name, long used, long size, boolean holdsServer) {
        double share() {
            return (double) used / size;
        }
    }
}
