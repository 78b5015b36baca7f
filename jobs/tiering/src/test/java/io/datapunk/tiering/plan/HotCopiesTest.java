package io.datapunk.tiering.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.postgres.EmbeddedPostgres;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.testkit.SharedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HotCopiesTest {
    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        server().stop();
    }

    @Test
    void aServerThatWasStoppedIsStartedAndAsked() throws Exception {
        try (PostgresServer server = PostgresServer.open(config(Map.of()).postgres(), home());
                Connection connection = SharedPostgres.connect(server.connection());
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS user_data");
            statement.execute("CREATE TABLE user_data.activity (month text) PARTITION BY LIST (month)");
            statement.execute("CREATE TABLE lake_hot.leaf PARTITION OF user_data.activity FOR VALUES IN ('2026-01')");
            statement.execute(
                    "INSERT INTO lake.served (leaf, dataset, partition, delta_version, file_set_hash, epoch, state,"
                            + " bytes, rows, checksum, verified_at, served_at) VALUES ('leaf', 'user_data.activity',"
                            + " 'month=2026-01', 1, 'hash', 1, 'SERVING', 8192, 7, 'sum', now(), now())");
        }
        assertThat(server().stop()).isTrue();

        HotCopies found = HotCopies.read(config(Map.of()), home());

        assertThat(found.served().orElseThrow())
                .containsExactly(Map.entry(
                        PartitionName.parse("user_data.activity/month=2026-01"), new HotCopy("hash", 8192, 7)));
        assertThat(found.outOfReach()).isEmpty();
        assertThat(server().running()).isPresent();
    }

    @Test
    void withoutDataThereIsNothingToStart() {
        HotCopies found = HotCopies.read(config(Map.of()), home());

        assertThat(found.served()).contains(Map.of());
        assertThat(server().exists()).isFalse();
    }

    @Test
    void aServerThatCannotBeStartedIsOutOfReachWithCauseAndRemedy() throws Exception {
        Files.createDirectories(home().postgresDirectory().resolve("data"));
        Files.writeString(home().postgresDirectory().resolve("data/PG_VERSION"), "99\n");

        HotCopies found = HotCopies.read(config(Map.of()), home());

        assertThat(found.served()).isEmpty();
        LakeException why = found.outOfReach().orElseThrow();
        assertThat(why.problem()).endsWith("postgres cannot be opened");
        assertThat(why.reason()).startsWith("its data are of PostgreSQL 99");
        assertThat(why.remedy()).contains("`lake tier apply` loads the hot partitions again");
    }

    @Test
    void anOperatorsServerThatDoesNotAnswerIsOutOfReachWithCauseAndRemedy() {
        HotCopies found =
                HotCopies.read(config(Map.of("lake.postgres.url", "jdbc:postgresql://127.0.0.1:1/lake")), home());

        assertThat(found.served()).isEmpty();
        LakeException why = found.outOfReach().orElseThrow();
        assertThat(why.problem()).isEqualTo("PostgreSQL at jdbc:postgresql://127.0.0.1:1/lake does not answer");
        assertThat(why.remedy()).startsWith("start it, or correct lake.postgres.url");
    }

    private LakeConfig config(Map<String, String> more) {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("lake.home", folder.resolve("home").toString());
        return LakeConfig.load(null, Map.of(), settings);
    }

    private LakeHome home() {
        return LakeHome.open(config(Map.of()));
    }

    private EmbeddedPostgres server() {
        return PostgresServer.embedded(config(Map.of()).postgres(), home());
    }
}
