package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.model.LakeException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresMigrationsTest {
    @TempDir
    private static Path home;

    private static EmbeddedPostgres server;
    private static EmbeddedPostgres.Use use;

    @BeforeAll
    static void start() {
        server = new EmbeddedPostgres(
                home.resolve("postgres"),
                home.resolve("run"),
                new EmbeddedPostgres.Options(
                        "lake",
                        0,
                        Duration.ZERO,
                        Duration.ofMinutes(1),
                        Path.of("target", "postgres-programs").toAbsolutePath()));
        use = server.use();
    }

    @AfterAll
    static void stop() {
        use.close();
        server.stop();
    }

    @Test
    void makesTheSchemaInAnEmptyDatabaseAndChangesNothingTheSecondTime() throws SQLException {
        PostgresConnection database = database("empty");
        PostgresMigrations.migrate(database);
        assertThat(column(
                        database,
                        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'lake' ORDER BY 1"))
                .containsExactly(
                        "fence",
                        "flyway_schema_history",
                        "load_parts",
                        "own_work",
                        "published",
                        "published_parts",
                        "refused",
                        "served",
                        "user_roles",
                        "writable",
                        "writable_partitions");
        List<String> history = column(database, "SELECT script || installed_on FROM lake.flyway_schema_history");

        PostgresMigrations.migrate(database);

        assertThat(column(database, "SELECT script || installed_on FROM lake.flyway_schema_history"))
                .isEqualTo(history);
    }

    @Test
    void knowsItsNewestMigration() throws SQLException {
        PostgresConnection database = database("numbered");
        PostgresMigrations.migrate(database);
        assertThat(column(database, "SELECT max(version::integer) FROM lake.flyway_schema_history"))
                .containsExactly(Integer.toString(PostgresMigrations.HOT_STORE.newest()));
    }

    @Test
    void tellsWhichQueriesAreSlowWithoutWhatTheyWereAsked() throws SQLException {
        PostgresConnection database = database("watched");
        PostgresMigrations.migrate(database);

        execute(database, "SELECT pg_sleep(1.1)");

        assertThat(column(database, "SELECT query || ', ' || calls FROM monitoring.slow_queries"))
                .containsExactly("SELECT pg_sleep($1), 1");
    }

    @Test
    void leavesOtherSchemasOfTheDatabaseAlone() throws SQLException {
        PostgresConnection database = database("shared");
        execute(database, "CREATE TABLE public.mine AS SELECT 1 AS n");
        PostgresMigrations.migrate(database);
        assertThat(column(database, "SELECT n FROM public.mine")).containsExactly("1");
    }

    @Test
    void refusesASchemaThatTheLakeDidNotMake() throws SQLException {
        PostgresConnection database = database("foreign_schema");
        execute(database, "CREATE SCHEMA lake");
        execute(database, "CREATE TABLE lake.ducks AS SELECT 1 AS n");
        assertThatThrownBy(() -> PostgresMigrations.migrate(database))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.reason()).contains("did not make"));
        assertThat(column(database, "SELECT n FROM lake.ducks")).containsExactly("1");
    }

    @Test
    void refusesTheSchemaOfANewerRelease() throws SQLException {
        PostgresConnection database = database("newer");
        PostgresMigrations.migrate(database);
        execute(
                database,
                "INSERT INTO lake.flyway_schema_history (installed_rank, version, description, type, script, checksum,"
                        + " installed_by, execution_time, success) VALUES (99, '999', 'future', 'SQL', 'V999__future.sql',"
                        + " 1, 'lake', 1, true)");
        assertThatThrownBy(() -> PostgresMigrations.migrate(database))
                .isInstanceOfSatisfying(
                        LakeException.class, e -> assertThat(e.reason()).contains("newer release"));
    }

    @Test
    void waitsForAnotherCommandThatMigratesAtTheSameTime() throws SQLException {
        PostgresConnection database = database("raced");
        List<CompletableFuture<Void>> commands = IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.runAsync(() -> PostgresMigrations.migrate(database)))
                .toList();
        commands.forEach(CompletableFuture::join);
        assertThat(column(database, "SELECT count(*) FROM lake.served")).containsExactly("0");
    }

    private static PostgresConnection database(String name) throws SQLException {
        execute(use.connection(), "CREATE DATABASE " + name);
        return use.connection().withDatabase(name);
    }

    private static void execute(PostgresConnection database, String sql) throws SQLException {
        try (Connection connection = database.open("test");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> column(PostgresConnection database, String sql) throws SQLException {
        try (Connection connection = database.open("test");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (result.next()) {
                values.add(result.getString(1));
            }
            return values;
        }
    }
}
