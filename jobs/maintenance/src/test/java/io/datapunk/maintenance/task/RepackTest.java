package io.datapunk.maintenance.task;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.postgres.PostgresMigrations;
import io.datapunk.testkit.OwnPostgres;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that a vacuum leaves loose are written anew by Debian's pg_repack, on Debian's PostgreSQL. */
@Tag("full")
class RepackTest {
    private final SparkSession spark = SharedSpark.session();

    @TempDir
    private Path folder;

    private OwnPostgres postgres;
    private Path repack;

    @BeforeEach
    void aServerWithLooseTables() throws Exception {
        postgres = new OwnPostgres(Files.createDirectory(folder.resolve("server")));
        repack = postgres.program("pg_repack");
        installed();
        postgres.create("autovacuum = off");
        PostgresMigrations.migrate(postgres.connection());
        for (String table : List.of("orders", "journal")) {
            execute("CREATE TABLE public." + table + " (id bigint, text text)");
            execute("INSERT INTO public." + table
                    + " SELECT n, repeat('x', 500) FROM generate_series(1, 20000) AS rows(n)");
            execute("DELETE FROM public." + table + " WHERE id % 4 <> 0");
        }
        execute("ALTER TABLE public.orders ADD PRIMARY KEY (id)");
        execute("SELECT pg_stat_force_next_flush()");
    }

    @AfterEach
    void stop() throws Exception {
        postgres.stop("immediate");
    }

    /** Where the machine has none, it is installed; for that one has to be root. */
    private void installed() throws IOException, InterruptedException {
        if (!Files.isExecutable(repack)) {
            for (List<String> command : List.of(
                    List.of("apt-get", "-q", "update"),
                    List.of(
                            "apt-get",
                            "-q",
                            "-y",
                            "-o",
                            "DPkg::Lock::Timeout=300",
                            "install",
                            "postgresql-" + postgres.version() + "-repack"))) {
                int exitCode = new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(folder.resolve("apt.log").toFile())
                        .start()
                        .waitFor();
                assertThat(exitCode)
                        .as("%s", Files.readString(folder.resolve("apt.log")))
                        .isZero();
            }
        }
    }

    @Test
    void aLooseTableIsWrittenAnewAndOneWithoutAKeyIsTold() throws SQLException {
        execute("CREATE EXTENSION pg_repack");

        Work.Done done = vacuum(repack.toString());

        assertThat(done.problems()).isEmpty();
        assertThat(bytes(done, "public.orders").after().orElseThrow())
                .as("a fourth of its rows is left")
                .isLessThan(bytes(done, "public.orders").before() / 2);
        assertThat(text("SELECT count(*) || ' ' || sum(id) FROM public.orders")).isEqualTo("5000 50010000");
        assertThat(text("SELECT count(*) FROM pg_trigger WHERE tgname = 'repack_trigger'"))
                .as("nothing of it stays")
                .isEqualTo("0");
        assertThat(done.notes())
                .anySatisfy(note -> assertThat(note)
                        .startsWith("the table public.journal could not be repacked")
                        .contains("primary key"))
                .anySatisfy(note -> assertThat(note).startsWith("public.journal takes "))
                .noneSatisfy(note -> assertThat(note).startsWith("public.orders takes "));
    }

    @Test
    void withoutTheExtensionOrItsProgramTablesAreToldOf() throws SQLException {
        assertThat(vacuum(repack.toString()).notes())
                .anySatisfy(note -> assertThat(note).startsWith("public.orders takes "));

        execute("CREATE EXTENSION pg_repack");
        execute("UPDATE public.orders SET text = text");
        execute("DELETE FROM public.orders WHERE id % 8 <> 0");
        execute("SELECT pg_stat_force_next_flush()");
        assertThat(vacuum("/nowhere/pg_repack").notes())
                .anySatisfy(note ->
                        assertThat(note).startsWith("pg_repack cannot be run").contains("/nowhere/pg_repack"))
                .anySatisfy(note -> assertThat(note).startsWith("public.orders takes "));
    }

    private static Figure bytes(Work.Done done, String table) {
        return done.figures().stream()
                .filter(figure -> figure.subject().equals(table) && figure.quantity() == Quantity.BYTES)
                .findFirst()
                .orElseThrow();
    }

    private Work.Done vacuum(String program) {
        LakeConfig config = LakeConfig.load(
                null,
                Map.of(),
                Map.of("lake.home", folder.resolve("home").toString(), "lake.maintenance.postgres.repack", program));
        return new MaintenanceJob(
                        config, LakeHome.open(config), () -> spark, () -> Optional.of(postgres.connection()), Map.of())
                .run(List.of(Task.VACUUM), Instant.now(), false, Progress.NONE)
                .get(0)
                .done();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = SharedPostgres.connect(postgres.connection());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String text(String sql) throws SQLException {
        try (Connection connection = SharedPostgres.connect(postgres.connection());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }
}
