package io.datapunk.promises;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.postgres.PostgresServer;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * What a lake holds, in everything that must not depend on how it came about.
 *
 * @param tables checksum of every table's rows, without {@link #VOLATILE} columns
 * @param partitions what {@code tier status} says of every partition
 * @param served what PostgreSQL notes of every partition that it serves
 * @param read what an application reads of these partitions
 */
record LakeState(
        Map<String, String> tables,
        Map<String, JsonNode> partitions,
        Map<String, String> served,
        Map<String, String> read) {
    /** The columns that may differ, by table: when a move ended, which is later where a run was interrupted. */
    private static final Map<String, List<String>> VOLATILE = Map.of("lake.moves", List.of("ended_at"));

    static LakeState of(LakeCommands lake, JsonNode status) throws SQLException {
        return of(lake, status, VOLATILE);
    }

    /** @param different columns that may differ, by table */
    static LakeState of(LakeCommands lake, JsonNode status, Map<String, List<String>> different) throws SQLException {
        LakeConfig config =
                LakeConfig.load(null, Map.of(), Map.of("lake.home", lake.home().toString()));
        LakeHome home = LakeHome.of(config);
        Map<String, String> read = new TreeMap<>();
        Map<String, String> served = new TreeMap<>();
        try (PostgresServer server = PostgresServer.open(config.postgres(), home);
                Connection connection = SharedPostgres.connect(server.connection())) {
            served.putAll(texts(connection, """
                    SELECT dataset || '/' || partition, rows || ' rows, ' || checksum
                      FROM lake.served WHERE state = 'SERVING'
                    """));
            for (String dataset : RestlessLake.DATASETS) {
                read.putAll(texts(connection, """
                        SELECT '%1$s/month=' || month, count(*) || ' rows, ' || md5(string_agg(t::text, '|' ORDER BY id))
                          FROM %1$s t GROUP BY month
                        """.formatted(dataset)));
            }
        }
        return new LakeState(tables(home, different), partitions(status), served, read);
    }

    private static Map<String, String> tables(LakeHome home, Map<String, List<String>> different) {
        Map<String, String> checksums = new TreeMap<>();
        for (TableDefinition table : LakeTables.all()) {
            if (Files.exists(Path.of(home.tablePath(table.name())))) {
                String[] left = different
                        .getOrDefault(table.name().toString(), List.of())
                        .toArray(String[]::new);
                checksums.put(
                        table.name().toString(),
                        DeltaChecksum.of(rows(home, table).drop(left)).toString());
            }
        }
        return checksums;
    }

    private static Dataset<Row> rows(LakeHome home, TableDefinition table) {
        return SharedSpark.session().read().format("delta").load(home.tablePath(table.name()));
    }

    private static Map<String, JsonNode> partitions(JsonNode status) {
        Map<String, JsonNode> partitions = new TreeMap<>();
        for (JsonNode row : status) {
            // The size in PostgreSQL follows from the order in which parallel tasks filled its pages.
            partitions.put(row.get("partition").asText(), ((ObjectNode) row.deepCopy()).without("hot_bytes"));
        }
        return partitions;
    }

    private static Map<String, String> texts(Connection connection, String query) throws SQLException {
        Map<String, String> texts = new TreeMap<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.put(rows.getString(1), rows.getString(2));
            }
        }
        return texts;
    }
}
