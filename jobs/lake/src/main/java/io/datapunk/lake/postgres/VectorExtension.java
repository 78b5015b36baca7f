package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import java.lang.module.ModuleDescriptor.Version;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * PostgreSQL's extension {@code vector} (pgvector), as a server has it.
 *
 * @param version that is in use in the database, else the one that can be
 * @param schema that its types are in; empty where it was not created in this database yet
 */
public record VectorExtension(String version, Optional<String> schema) {
    /** The first that has {@code halfvec}. */
    private static final Version OLDEST = Version.parse("0.7.0");

    /** The first whose parallel builds of HNSW do not write behind their memory. */
    private static final Version SAFE_PARALLEL_BUILD = Version.parse("0.8.2");

    private static final String FIND = """
            SELECT coalesce(installed.extversion, available.default_version), schema.nspname
              FROM pg_available_extensions AS available
              LEFT JOIN pg_extension AS installed ON installed.extname = available.name
              LEFT JOIN pg_namespace AS schema ON schema.oid = installed.extnamespace
             WHERE available.name = 'vector'
            """;

    /**
     * Looks for it; nothing is changed.
     *
     * @return empty where the server does not have it
     * @throws HotStoreUnavailableException where the server does not answer
     */
    public static Optional<VectorExtension> find(PostgresConnection server) {
        return reading(server).run("the server's extensions could not be listed", VectorExtension::find);
    }

    /**
     * Creates it in the database where it is not yet.
     *
     * @throws LakeException where the server does not have it, or too old a one, or the user may not create it
     */
    static VectorExtension require(PostgresConnection server) {
        VectorExtension found = find(server).orElseThrow(() -> missing(server));
        if (!found.isAtLeast(OLDEST)) {
            throw LakeException.failed(
                    "vectors cannot be published to " + server.url(),
                    "its pgvector is " + found.version() + ", and the lake needs " + OLDEST + " or newer",
                    "update the server's package and run ALTER EXTENSION vector UPDATE; the lake's own index serves meanwhile");
        }
        if (found.schema().isPresent()) {
            return found;
        }
        return reading(server)
                .run(
                        "pgvector could not be created in the database; a superuser can: CREATE EXTENSION vector",
                        connection -> {
                            Statements.execute(connection, "CREATE EXTENSION IF NOT EXISTS vector");
                            return find(connection).orElseThrow();
                        });
    }

    private static LakeException missing(PostgresConnection server) {
        return LakeException.failed(
                "vectors cannot be published to " + server.url(),
                "the server does not have PostgreSQL's extension vector (pgvector)",
                "install it on the server (Debian and Ubuntu: the package postgresql-NN-pgvector for PostgreSQL NN) and run"
                        + " the command again; without it the lake's own index serves, by `lake vectors search`");
    }

    private static FencedTransactions reading(PostgresConnection server) {
        return new FencedTransactions(server, 0);
    }

    private static Optional<VectorExtension> find(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(FIND);
                ResultSet row = statement.executeQuery()) {
            return row.next()
                    ? Optional.of(new VectorExtension(row.getString(1), Optional.ofNullable(row.getString(2))))
                    : Optional.empty();
        }
    }

    /** Whether several processes may build one index of it: before 0.8.2 they wrote behind their memory. */
    boolean buildsInParallel() {
        return isAtLeast(SAFE_PARALLEL_BUILD);
    }

    private boolean isAtLeast(Version other) {
        return Version.parse(version).compareTo(other) >= 0;
    }

    /** A name of the extension as SQL, whatever the search path is. */
    String qualified(String name) {
        return HotTable.quoted(schema.orElseThrow()) + "." + name;
    }
}
