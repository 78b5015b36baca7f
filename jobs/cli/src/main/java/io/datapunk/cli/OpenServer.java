package io.datapunk.cli;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.PostgresConfig;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.PostgresServer;
import java.util.Optional;

/** PostgreSQL for as long as a command runs, opened when it is asked for: where nobody does, an embedded one is not started. */
final class OpenServer implements AutoCloseable {
    private final PostgresConfig config;
    private final LakeHome home;
    private Optional<PostgresServer> opened = Optional.empty();

    OpenServer(PostgresConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
    }

    /** Empty for an embedded one that has no data yet. */
    Optional<PostgresConnection> get() {
        if (opened.isEmpty()) {
            opened = PostgresServer.openForReading(config, home);
        }
        return opened.map(PostgresServer::connection);
    }

    @Override
    public void close() {
        opened.ifPresent(PostgresServer::close);
    }
}
