package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.HotIndex;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes that a configuration asks for, on a table whose names would break SQL that does not quote them. */
class HotIndexesTest {
    private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
    private static final String HOSTILE = "o'\"); DROP TABLE lake.served; --";
    private static final DatasetName SALES = new DatasetName("shop", "sales");
    private static final TableDefinition TABLE = TableDefinition.foreign(
            SALES,
            "country",
            List.of(
                    column("id", Primitive.LONG),
                    column(HOSTILE, Primitive.STRING),
                    column("tags", new ArrayOf(Primitive.STRING)),
                    column("amounts", new MapOf(Primitive.STRING, Primitive.INT)),
                    column("began", Primitive.TIMESTAMP),
                    column("ended", Primitive.TIMESTAMP),
                    column("country", Primitive.STRING)));

    @TempDir
    private Path folder;

    private final SparkSession spark = SharedSpark.session();
    private final PostgresConnection database = SharedPostgres.emptyDatabase();

    @Test
    void eachKindOfIndexIsBuiltOnTheLeafAndUsedThroughTheParent() throws SQLException, IOException {
        String name = "\"" + HOSTILE.replace("\"", "\\\"") + "\"";
        serve(indexes("""
                { columns = [%1$s, "id desc"], covering = [began], where = ["began is not null"] }
                { method = trigram, columns = [%1$s] }
                { method = gin, columns = [tags] }
                { method = gin, columns = [amounts] }
                { method = gist, columns = [began, ended] }
                { columns = [id], where = ["country = 'fr'", "tags is null"] }
                """.formatted(name)));

        String quoted = HotTable.quoted(HOSTILE);
        for (String query : List.of(
                quoted + " = 'text 7' AND began IS NOT NULL",
                quoted + " LIKE '%ext 77%'",
                "tags @> ARRAY['tag 3']",
                "amounts @> '{\"a\": 3}'",
                "(CASE WHEN began <= ended THEN tstzrange(began, ended) END) @> timestamptz '2026-01-01 00:00:30Z'",
                "id = 5 AND country = 'fr' AND tags IS NULL")) {
            assertThat(plan("SELECT id FROM shop.sales WHERE " + query))
                    .as(query)
                    .anyMatch(line -> line.contains("Index Cond"));
        }
        assertThat(plan("SELECT began FROM shop.sales WHERE " + quoted + " = 'text 7' AND began IS NOT NULL"))
                .anyMatch(line -> line.contains("Index Only Scan"));
        try (Connection connection = SharedPostgres.connect(database)) {
            assertThat(Statements.number(
                            connection,
                            "SELECT count(*) FROM shop.sales WHERE (CASE WHEN began <= ended THEN tstzrange(began, ended)"
                                    + " END) @> timestamptz '2026-01-01 00:00:30Z'"))
                    .isEqualTo(1);
        }
    }

    @Test
    void anIndexThatDoesNotFitIsRefusedBeforeAnythingIsCopied() throws IOException {
        Map<String, String> mistakes = Map.of(
                "{ columns = [price] }", "it has no column price; its columns are id, ",
                "{ method = gin, columns = [id] }", "column id is bigint, and gin takes an array, a map or a struct",
                "{ method = trigram, columns = [tags] }", "column tags is array<string>, and trigram takes a string",
                "{ method = gist, columns = [began, id] }",
                        "column began is timestamp, and gist takes two numbers, dates or times of one type",
                "{ columns = [id], where = [\"id = '5'\"] }", "where compares column id with a text, and it is bigint");
        for (Map.Entry<String, String> mistake : mistakes.entrySet()) {
            List<HotIndex> indexes = indexes(mistake.getKey());
            assertThatThrownBy(() -> serve(indexes))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining(mistake.getValue())
                    .hasMessageContaining("lake.datasets.\"shop.sales\".tiering.hot.indexes");
        }
        assertThat(HotStore.open(database, 1).served()).isEmpty();
    }

    @Test
    void aTrigramIndexWithoutTheExtensionSaysWhatToDo() throws SQLException, IOException {
        HotStore.open(database, 1);
        try (Connection connection = SharedPostgres.connect(database)) {
            Statements.execute(connection, "DROP EXTENSION pg_trgm");
        }
        List<HotIndex> indexes = indexes("{ method = trigram, columns = [country] }");
        assertThatThrownBy(() -> serve(indexes)).hasMessageContaining("CREATE EXTENSION pg_trgm");
    }

    private void serve(List<HotIndex> indexes) {
        HotStore store = HotStore.open(database, 1, dataset -> new HotLayout(indexes, 0));
        List<Row> rows = IntStream.range(0, 2000)
                .mapToObj(i -> RowFactory.create(
                        (long) i,
                        "text " + i,
                        i % 2 == 0 ? null : List.of("tag " + i),
                        Map.of("a", i),
                        // Every third ends before it begins.
                        Instant.parse("2026-01-01T00:00:00Z").plusSeconds(60L * i),
                        Instant.parse("2026-01-01T00:00:59Z").plusSeconds(60L * i - (i % 3 == 2 ? 90 : 0)),
                        "fr"))
                .toList();
        PartitionFiles files = new PartitionFiles(
                PartitionName.of(SALES, "country", "fr"),
                1,
                List.of(new DataFile("country=fr/1.parquet", 1, 0, rows.size(), Map.of(), "")));
        HotLoad load = store.load(spark, TABLE, files, spark.createDataFrame(rows, DeltaSchemas.structType(TABLE)));
        assertThat(store.verify(load).matches()).isTrue();
        store.serve(load, NOW);
    }

    private List<HotIndex> indexes(String groups) throws IOException {
        Path file = Files.writeString(
                folder.resolve("lake.conf"), "lake.datasets.\"shop.sales\".tiering.hot.indexes = [ " + groups + " ]");
        return LakeConfig.load(file, Map.of(), Map.of()).tiering(SALES).hot().indexes();
    }

    private List<String> plan(String query) throws SQLException {
        try (Connection connection = SharedPostgres.connect(database)) {
            Statements.execute(connection, "SET enable_seqscan = off");
            return Statements.texts(connection, "EXPLAIN " + query);
        }
    }

    private static Column column(String name, ColumnType type) {
        return new Column(name, type, true, false, false, "");
    }
}
