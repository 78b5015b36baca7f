package io.datapunk.promises;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** What nothing refers to any more and nothing will ever remove. */
final class Leftovers {
    private final LakeConfig config;
    private final LakeHome home;

    Leftovers(LakeCommands lake) {
        this.config =
                LakeConfig.load(null, Map.of(), Map.of("lake.home", lake.home().toString()));
        this.home = LakeHome.of(config);
    }

    List<String> all() throws IOException, SQLException {
        List<String> leftovers = new ArrayList<>();
        for (String dataset : RestlessLake.DATASETS) {
            leftovers.addAll(afterVacuum(DatasetName.parse(dataset)));
        }
        leftovers.addAll(unfinishedPlans());
        leftovers.addAll(forgottenLeaves());
        return leftovers;
    }

    /** VACUUM may take the files of a copy that was never committed, and those that were retired; nothing else stays. */
    private List<String> afterVacuum(DatasetName dataset) throws IOException {
        SparkSession spark = SharedSpark.session();
        spark.conf().set("spark.databricks.delta.retentionDurationCheck.enabled", "false");
        Path table = Path.of(home.tablePath(dataset));
        spark.sql("VACUUM delta.`" + table + "` RETAIN 0 HOURS");
        Set<String> live = new HashSet<>();
        new TableLog(home).snapshot(dataset).orElseThrow().partitions().forEach(partition -> partition
                .files()
                .forEach(file -> live.add(file.path())));
        try (Stream<Path> files = Files.walk(table)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> table.relativize(file).toString())
                    .filter(file -> !isOfTheLog(file) && !live.contains(withoutSidecar(file)))
                    .map(file -> dataset + ": " + file)
                    .toList();
        }
    }

    /** Delta's own folder: a commit that was killed may leave a temporary file there, which no reader looks at. */
    private static boolean isOfTheLog(String file) {
        return file.startsWith("_delta_log/");
    }

    /** Hadoop keeps the checksum of {@code a/b} in {@code a/.b.crc}, and removes it together with its file. */
    private static String withoutSidecar(String file) {
        return file.replaceFirst("(^|/)\\.([^/]*)\\.crc$", "$1$2");
    }

    private List<String> unfinishedPlans() throws IOException {
        try (Stream<Path> files = Files.list(home.local().resolve("plans"))) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> !name.endsWith(".ndjson"))
                    .toList();
        }
    }

    /** After their grace, PostgreSQL has the copies that it serves, and no others. */
    private List<String> forgottenLeaves() throws SQLException {
        List<String> leaves = new ArrayList<>();
        try (PostgresServer server = PostgresServer.open(config.postgres(), home);
                Connection connection = SharedPostgres.connect(server.connection());
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("""
                        SELECT leaf FROM lake.served WHERE state <> 'SERVING'
                        UNION
                        SELECT tablename FROM pg_tables WHERE schemaname = 'lake_hot'
                           AND tablename NOT IN (SELECT leaf FROM lake.served WHERE state = 'SERVING')
                        """)) {
            while (rows.next()) {
                leaves.add("leaf " + rows.getString(1));
            }
        }
        return leaves;
    }
}
