package io.datapunk.lake.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SessionSettingsTest {
    private static final List<String> CLASSES = List.of(
            "spark.sql.extensions",
            "spark.sql.catalog.spark_catalog",
            "spark.sql.queryExecutionListeners",
            "spark.delta.logStore.s3a.impl");

    @Test
    void theConfigurationReachesSpark() {
        LakeConfig config = LakeConfig.load(
                null,
                Map.of("LAKE_STORAGE_S3_ACCESS_KEY", "key", "LAKE_STORAGE_S3_SECRET_KEY", "secret"),
                Map.of(
                        "lake.home",
                        "/data/lake",
                        "lake.spark.shuffle-partitions",
                        "3",
                        "lake.access.flush-interval",
                        "5 s"));
        assertThat(SessionSettings.of(config, LakeHome.of(config)).toMap())
                .containsEntry("spark.lake.home", "/data/lake")
                .containsEntry("spark.lake.access.spool", "/data/lake/access/spool")
                .containsEntry("spark.lake.access.flush-seconds", "5")
                .containsEntry("spark.sql.shuffle.partitions", "3")
                .containsEntry("spark.databricks.delta.snapshotPartitions", "2")
                .containsEntry("spark.hadoop.fs.s3a.secret.key", "secret")
                .containsEntry("spark.ui.enabled", "false");
    }

    @Test
    void aSessionFindsTheConfigurationThatItWasStartedWith(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("own.conf"), "lake.vectors.batch = 7");
        LakeConfig config = LakeConfig.load(
                file, Map.of(), Map.of("lake.home", folder.resolve("home").toString()));
        SparkSession session = SharedSpark.session(folder.resolve("home"));
        session.conf()
                .set(
                        SessionSettings.CONF,
                        SessionSettings.of(config, LakeHome.of(config)).toMap().get(SessionSettings.CONF));

        LakeConfig found = LakeSession.config(session);

        assertThat(found.home()).isEqualTo(folder.resolve("home").toString());
        assertThat(found.vectors().batch()).isEqualTo(7);
    }

    @Test
    void whatSparkSubmitWasToldWinsOverHowTheLakeWouldRun() {
        Map<String, String> settings = submitted(
                Map.of(),
                Map.of(
                        "spark.master", "spark://host:7077",
                        "spark.sql.shuffle.partitions", "64",
                        "spark.databricks.delta.snapshotPartitions", "50",
                        "spark.local.dir", "/mnt/fast"));

        assertThat(settings)
                .containsEntry("spark.master", "spark://host:7077")
                .containsEntry("spark.sql.shuffle.partitions", "64")
                .containsEntry("spark.databricks.delta.snapshotPartitions", "50")
                .containsEntry("spark.local.dir", "/mnt/fast")
                .as("what only one process has")
                .doesNotContainKeys("spark.driver.host", "spark.ui.enabled", "spark.sql.warehouse.dir");
    }

    @Test
    void theConfigurationWinsOverSparkSubmitWhereItNamesSomething() {
        Map<String, String> settings = submitted(
                Map.of("lake.spark.master", "local[3]", "lake.spark.settings.\"spark.sql.shuffle.partitions\"", "5"),
                Map.of("spark.master", "spark://host:7077", "spark.sql.shuffle.partitions", "64"));

        assertThat(settings)
                .containsEntry("spark.master", "local[3]")
                .containsEntry("spark.sql.shuffle.partitions", "5")
                .containsEntry("spark.driver.host", "127.0.0.1");
    }

    @Test
    void aSubmittedSessionIsOneOfTheLakeAndKeepsTheExtensionsOfOthers() {
        Map<String, String> settings = submitted(
                Map.of(),
                Map.of(
                        "spark.master", "yarn",
                        "spark.lake.home", "/elsewhere",
                        "spark.plugins", "org.example.Plugin",
                        "spark.sql.catalog.spark_catalog", "org.example.Catalog",
                        "spark.sql.extensions", "org.example.Extensions,io.delta.sql.DeltaSparkSessionExtension"));

        assertThat(settings)
                .containsEntry("spark.lake.home", "/data/lake")
                .containsEntry("spark.plugins", "io.datapunk.lake.spark.SharedHome,org.example.Plugin")
                .containsEntry("spark.sql.catalog.spark_catalog", "io.datapunk.lake.spark.LakeCatalog")
                .containsEntry(
                        "spark.sql.extensions",
                        "io.datapunk.lake.spark.LakeExtensions,io.delta.sql.DeltaSparkSessionExtension,"
                                + "org.example.Extensions");
    }

    private static Map<String, String> submitted(Map<String, String> configured, Map<String, String> submitted) {
        Map<String, String> all = new HashMap<>(configured);
        all.put("lake.home", "/data/lake");
        LakeConfig config = LakeConfig.load(null, Map.of(), all);
        return SessionSettings.of(config, LakeHome.of(config), submitted).toMap();
    }

    @Test
    void theClassesThatAreNamedExist() {
        Map<String, String> settings = new SessionSettings("/home", "local[2]", "/scratch", Map.of()).toMap();
        assertClassesExist(settings);
    }

    @Test
    void theDefaultsForOtherSessionsNameTheSameClasses() throws IOException {
        Map<String, String> defaults = new HashMap<>();
        for (String line : Files.readAllLines(Path.of("../../conf/spark-defaults.conf"))) {
            if (!line.isBlank() && !line.startsWith("#")) {
                String[] parts = line.strip().split("\\s+", 2);
                defaults.put(parts[0], parts[1]);
            }
        }
        assertThat(defaults).containsKeys(CLASSES.toArray(String[]::new));
        Map<String, String> ours = new SessionSettings("/home", "local[2]", "/scratch", Map.of()).toMap();
        CLASSES.forEach(key -> assertThat(defaults.get(key)).isEqualTo(ours.get(key)));
    }

    private static void assertClassesExist(Map<String, String> settings) {
        for (String key : CLASSES) {
            for (String name : settings.get(key).split(",", -1)) {
                assertThatCode(() -> Class.forName(name)).doesNotThrowAnyException();
            }
        }
    }
}
