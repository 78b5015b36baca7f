package io.datapunk.lake.postgres;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.PostgresConfig;
import io.datapunk.lake.config.Secret;
import io.datapunk.lake.model.LakeException;
import java.util.Optional;

/** The PostgreSQL that a configuration names: the operator's own, or the embedded one, which is kept running meanwhile. */
public final class PostgresServer implements AutoCloseable {
    private final PostgresConnection connection;
    private final Optional<EmbeddedPostgres.Use> embedded;

    private PostgresServer(PostgresConnection connection, Optional<EmbeddedPostgres.Use> embedded) {
        this.connection = connection;
        this.embedded = embedded;
    }

    /**
     * Reaches the server for work, starts the embedded one unless it runs, and brings its schema up to date.
     *
     * @throws HotStoreUnavailableException where the operator's server does not answer
     * @throws LakeException where the server cannot be used
     */
    public static PostgresServer open(PostgresConfig config, LakeHome home) {
        Optional<EmbeddedPostgres.Use> use =
                config.embedded() ? Optional.of(embedded(config, home).use()) : Optional.empty();
        PostgresServer server =
                new PostgresServer(use.map(EmbeddedPostgres.Use::connection).orElseGet(() -> external(config)), use);
        try {
            if (config.operationalTables()) {
                PostgresMigrations.migrateOperational(server.connection);
            } else {
                PostgresMigrations.migrate(server.connection);
            }
            return server;
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /**
     * Reaches the server for reading, and starts the embedded one unless it runs. Its schema stays as it is.
     *
     * @return empty for an embedded one that has no data yet: it serves nothing
     * @throws LakeException where the embedded one cannot be started
     */
    public static Optional<PostgresServer> openForReading(PostgresConfig config, LakeHome home) {
        if (!config.embedded()) {
            return Optional.of(new PostgresServer(external(config), Optional.empty()));
        }
        EmbeddedPostgres server = embedded(config, home);
        if (!server.exists()) {
            return Optional.empty();
        }
        EmbeddedPostgres.Use use = server.use();
        return Optional.of(new PostgresServer(use.connection(), Optional.of(use)));
    }

    /** How to reach the server as it is: the embedded one only where it runs. */
    public static Optional<PostgresConnection> running(PostgresConfig config, LakeHome home) {
        return config.embedded() ? embedded(config, home).running() : Optional.of(external(config));
    }

    /** The embedded server of a home. */
    public static EmbeddedPostgres embedded(PostgresConfig config, LakeHome home) {
        return new EmbeddedPostgres(home.postgresDirectory(), home.runDirectory(), EmbeddedPostgres.Options.of(config));
    }

    public PostgresConnection connection() {
        return connection;
    }

    @Override
    public void close() {
        embedded.ifPresent(EmbeddedPostgres.Use::close);
    }

    private static PostgresConnection external(PostgresConfig config) {
        String password = config.password().map(Secret::reveal).orElse("");
        return new PostgresConnection(config.url().orElseThrow(), config.user(), () -> password).with(config.tls());
    }
}
