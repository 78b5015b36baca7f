package io.datapunk.lake.postgres;

import io.datapunk.lake.model.LakeException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.postgresql.ds.PGSimpleDataSource;

/** Brings schema {@code lake} of a database to this release's state. */
public final class PostgresMigrations {
    private static final String SCHEMA = "lake";

    /** What the hot store needs. */
    static final Scripts HOT_STORE = new Scripts("db/migration", "flyway_schema_history", 11);

    /** Tables that applications fill, for those who want them. */
    static final Scripts OPERATIONAL_TABLES = new Scripts("db/operational", "operational_schema_history", 1);

    private static final int OLDEST_SERVER = 15;

    private PostgresMigrations() {}

    /**
     * Files of SQL that are applied once each, in the order of their numbers.
     *
     * @param table in schema {@code lake}, which of them were applied
     * @param newest number of the last
     */
    record Scripts(String folder, String table, int newest) {}

    /**
     * Applies the migrations that are missing; two commands at the same time wait for each other.
     *
     * @throws HotStoreUnavailableException where the server does not answer
     * @throws LakeException where the schema is somebody else's or a newer release's, or a pooler in transaction mode stands
     *     before the server
     */
    public static void migrate(PostgresConnection server) {
        apply(HOT_STORE, server);
    }

    /** Also makes the operational tables in schema {@code ops}, as {@link #migrate}. */
    public static void migrateOperational(PostgresConnection server) {
        migrate(server);
        apply(OPERATIONAL_TABLES, server);
    }

    private static void apply(Scripts scripts, PostgresConnection server) {
        try (Connection connection = server.open("lake migrate")) {
            requireVersion(server, connection.getMetaData().getDatabaseMajorVersion());
            TransactionPooler.refuse(server, connection);
            if (isUpToDate(scripts, connection)) {
                return;
            }
        } catch (SQLException e) {
            throw SqlState.failure("the hot store's schema could not be read", e);
        }
        try {
            Flyway.configure()
                    .dataSource(dataSource(server))
                    .schemas(SCHEMA)
                    .table(scripts.table())
                    .locations("classpath:" + scripts.folder())
                    // The second set begins in a schema that the first has filled.
                    .baselineOnMigrate(scripts != HOT_STORE)
                    .baselineVersion("0")
                    .placeholderReplacement(false)
                    // By default Flyway overlooks migrations of a newer release.
                    .ignoreMigrationPatterns(new String[0])
                    .load()
                    .migrate();
        } catch (FlywayException e) {
            throw failure(server, e);
        } catch (SQLException e) {
            throw SqlState.failure("the hot store's schema could not be changed", e);
        }
    }

    private static void requireVersion(PostgresConnection server, int found) {
        if (found < OLDEST_SERVER) {
            throw LakeException.failed(
                    "the server at " + server.url() + " cannot be the hot store",
                    "it is PostgreSQL " + found + ", and the lake needs " + OLDEST_SERVER + " or newer",
                    "upgrade it, or leave lake.postgres.url empty for the embedded one");
        }
    }

    // Flyway itself takes a second and more to find that there is nothing to do.
    private static boolean isUpToDate(Scripts scripts, Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet newest = statement.executeQuery("SELECT max(version::integer), bool_and(success) FROM lake."
                        + scripts.table() + " WHERE version IS NOT NULL")) {
            return newest.next() && newest.getInt(1) == scripts.newest() && newest.getBoolean(2);
        } catch (SQLException e) {
            if (SqlState.UNDEFINED_TABLE.is(e)) {
                return false;
            }
            throw e;
        }
    }

    private static LakeException failure(PostgresConnection server, FlywayException e) {
        String message = e.getMessage();
        if (message.contains("non-empty schema")) {
            return LakeException.failed(
                    "the database at " + server.url() + " cannot be the hot store",
                    "its schema " + SCHEMA + " holds something that the lake did not make",
                    "give the lake a database of its own in lake.postgres.url");
        }
        if (message.contains("not resolved locally")) {
            return LakeException.failed(
                    "the hot store at " + server.url() + " cannot be used",
                    "a newer release of the lake has changed its schema",
                    "use that release, or give this one a database of its own");
        }
        if (message.contains("checksum mismatch")) {
            return LakeException.failed(
                    "the hot store at " + server.url() + " cannot be used",
                    "a migration that was applied there differs from this release's",
                    "use the release that made the database, or give this one a database of its own");
        }
        return LakeException.failed(
                "the hot store's schema could not be brought up to date",
                lastLine(e),
                "correct the cause and run the command again; every migration is applied whole or not at all",
                e);
    }

    private static String lastLine(FlywayException e) {
        Throwable cause = e;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return SqlState.message(cause);
    }

    private static DataSource dataSource(PostgresConnection server) throws SQLException {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(server.url());
        source.setUser(server.user());
        source.setPassword(server.password().get());
        source.setApplicationName("lake migrate");
        for (Map.Entry<String, String> property : server.properties().entrySet()) {
            source.setProperty(property.getKey(), property.getValue());
        }
        return source;
    }
}
