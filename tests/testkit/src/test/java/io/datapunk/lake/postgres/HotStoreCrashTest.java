package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.LocationsTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server is killed while the hot store works; it is this test's own. */
class HotStoreCrashTest {
    private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
    private static final TableDefinition LOCATIONS = LocationsTable.DEFINITION;
    private static final PartitionName JANUARY = PartitionName.of(LOCATIONS.name(), "month", "2026-01");

    @TempDir
    private Path home;

    @AfterEach
    void stop() {
        server().stop();
    }

    @Test
    void aServerKilledWhileAMonthIsLoadedLeavesNothingThatTheNextRunDoesNotClear() throws Exception {
        Dataset<Row> rows = locations(200_000);
        try (EmbeddedPostgres.Use use = server().use()) {
            HotStore store = HotStore.open(use.connection(), 1);
            CompletableFuture<Void> killer = CompletableFuture.runAsync(() -> killOnceLoading(use.connection()));
            assertThatThrownBy(() -> store.load(SharedSpark.session(), LOCATIONS, files(200_000), rows))
                    .isInstanceOfAny(HotStoreUnavailableException.class, io.datapunk.lake.model.LakeException.class);
            killer.join();
        }
        try (EmbeddedPostgres.Use use = server().use()) {
            assertThat(value(use.connection(), "SELECT count(*) FROM user_data.locations"))
                    .isEqualTo("0");
            HotStore store = HotStore.open(use.connection(), 2);
            HotLoad load = store.load(SharedSpark.session(), LOCATIONS, files(200_000), rows);
            assertThat(load.expected()).isEqualTo(DeltaChecksum.of(rows));
            assertThat(store.verify(load).matches()).isTrue();
            store.serve(load, NOW);
            assertThat(value(
                            use.connection(),
                            "SELECT string_agg(relname, ' ') FROM pg_class"
                                    + " WHERE relnamespace = 'lake_hot'::regnamespace AND relkind = 'r'"))
                    .isEqualTo(load.leaf());
            assertThat(value(use.connection(), "SELECT count(*) FROM user_data.locations"))
                    .isEqualTo("200000");
        }
    }

    @Test
    void aServedMonthIsStillServedAndEqualAfterTheServerWasKilled() throws Exception {
        Dataset<Row> rows = locations(5_000);
        HotLoad load;
        try (EmbeddedPostgres.Use use = server().use()) {
            HotStore store = HotStore.open(use.connection(), 1);
            load = store.load(SharedSpark.session(), LOCATIONS, files(5_000), rows);
            store.verify(load);
            store.serve(load, NOW);
        }
        kill();
        try (EmbeddedPostgres.Use use = server().use()) {
            HotStore store = HotStore.open(use.connection(), 2);
            assertThat(store.served().get(JANUARY).state()).isEqualTo(Served.State.SERVING);
            assertThat(store.verify(load).matches()).isTrue();
        }
    }

    private void killOnceLoading(PostgresConnection database) {
        try (Connection connection = database.open("test")) {
            long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
            while (System.nanoTime() < deadline) {
                try (Statement statement = connection.createStatement();
                        ResultSet copying = statement.executeQuery(
                                "SELECT count(*) FROM pg_stat_progress_copy WHERE tuples_processed > 1000")) {
                    copying.next();
                    if (copying.getInt(1) > 0) {
                        kill();
                        return;
                    }
                }
                Thread.sleep(5);
            }
            throw new IllegalStateException("nothing was loaded within two minutes");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void kill() throws Exception {
        List<String> pidFile = Files.readAllLines(home.resolve("postgres/data/postmaster.pid"));
        ProcessHandle.of(Long.parseLong(pidFile.get(0))).orElseThrow().destroyForcibly();
    }

    private EmbeddedPostgres server() {
        return new EmbeddedPostgres(
                home.resolve("postgres"),
                home.resolve("run"),
                new EmbeddedPostgres.Options(
                        "lake", 0, Duration.ZERO, Duration.ofMinutes(1), EmbeddedPostgres.userCache()));
    }

    private static Dataset<Row> locations(long count) {
        Column[] columns = Arrays.stream(DeltaSchemas.structType(LOCATIONS).fields())
                .map(field -> value(field).cast(field.dataType()).as(field.name()))
                .toArray(Column[]::new);
        return SharedSpark.session().range(0, count, 1, 2).select(columns);
    }

    private static Column value(StructField field) {
        Column number = functions.col("id");
        return switch (field.name()) {
            case "month" -> functions.lit("2026-01");
            case "event_time", "ingested_at" ->
                functions.timestamp_micros(number.multiply(1_000_003).plus(1_767_225_600_000_000L));
            case "latitude", "longitude" -> number.divide(functions.lit(7919.0));
            case "cell" -> functions.lit(null);
            default -> number;
        };
    }

    private static PartitionFiles files(long rows) {
        return new PartitionFiles(
                JANUARY, 1, List.of(new DataFile("month=2026-01/1.parquet", 1, 0, rows, Map.of(), "")));
    }

    private static String value(PostgresConnection database, String sql) throws SQLException {
        try (Connection connection = database.open("test");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            result.next();
            return result.getString(1);
        }
    }
}
