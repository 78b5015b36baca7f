package io.datapunk.vectors.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.lake.postgres.HotStore;
import io.datapunk.lake.postgres.PostgresConnection;
import io.datapunk.lake.postgres.VectorLoad;
import io.datapunk.lake.postgres.VectorStore;
import io.datapunk.testkit.PgvectorServer;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import io.datapunk.vectors.publish.PublishJob.Outcome;
import io.datapunk.vectors.publish.PublishJob.Report;
import io.datapunk.vectors.publish.PublishJob.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A collection in a real PostgreSQL with pgvector. */
@Tag("full")
class PublishJobTest {
    private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
    private static final TableDefinition TABLE = VectorsTable.definition("papers");

    @TempDir
    private Path folder;

    private final SparkSession spark = SharedSpark.session();
    private final PostgresConnection server = PgvectorServer.emptyDatabase();

    @Test
    void aCollectionIsSearchedInPostgresAsItIsInDelta() throws Exception {
        append(0, 400, 32);

        Report report = publish("");

        assertThat(report.outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(report.rows()).isEqualTo(400);
        assertThat(report.served()).get().satisfies(served -> {
            assertThat(served.deltaVersion()).isEqualTo(report.deltaVersion());
            assertThat(served.rows()).isEqualTo(400);
            assertThat(served.recall()).isGreaterThanOrEqualTo(0.95);
        });
        assertThat(report.measured()).get().satisfies(measured -> assertThat(measured.queries())
                .isEqualTo(400));
        assertThat(texts("SELECT user_id || ' ' || event_time AT TIME ZONE 'UTC' || ' ' || text || ' ' || attributes"
                        + " FROM vectors.papers WHERE id = 'row 7'"))
                .containsExactly("person 1 2026-01-01 00:00:07 text 7 {\"kind\": \"odd\"}");
        assertThat(texts("SELECT id FROM vectors.papers ORDER BY embedding <=>"
                        + " (SELECT embedding FROM vectors.papers WHERE id = 'row 7') LIMIT 1"))
                .containsExactly("row 7");
        assertThat(texts("SELECT obj_description('vectors.papers'::regclass)").get(0))
                .contains("Delta version " + report.deltaVersion(), "hnsw m=16", "SET hnsw.ef_search = 100");
        assertThat(texts("SELECT count(*) FROM pg_indexes WHERE schemaname = 'vectors' AND indexdef LIKE '%hnsw%'"))
                .containsExactly("1");
        assertThatThrownBy(() -> execute("DELETE FROM vectors.papers")).hasMessageContaining("read-only");
    }

    @ParameterizedTest
    @CsvSource({
        "hnsw, euclidean, 48, vector",
        "ivf, cosine, 48, vector",
        "ivf, dot, 48, vector",
        "flat, euclidean, 48, vector",
        "hnsw, cosine, 2100, halfvec",
        "ivf, euclidean, 2100, halfvec"
    })
    void eachIndexAndMetricFindsTheTrueNeighbours(String index, String metric, int dimensions, String type)
            throws Exception {
        append(0, 300, dimensions);
        Report report = publish("index = " + index + ", metric = " + metric);
        assertThat(report.layout()).startsWith(type + "(" + dimensions + "), " + metric);
        assertThat(report.served().orElseThrow().recall()).isGreaterThanOrEqualTo(0.95);
    }

    @Test
    void theSameVersionAgainChangesNothingAndANewOneTakesItsPlace() throws Exception {
        append(0, 50, 8);
        publish("");
        List<String> table = texts("SELECT 'vectors.papers'::regclass::oid");

        assertThat(publish("").outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(publish("hnsw.ef = 200").outcome()).isEqualTo(Outcome.UNCHANGED);
        assertThat(texts("SELECT 'vectors.papers'::regclass::oid")).isEqualTo(table);

        append(50, 70, 8);
        assertThat(publish("").outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(texts("SELECT count(*) FROM vectors.papers")).containsExactly("70");
        assertThat(publish("hnsw.m = 8").outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(tables()).containsExactly("vectors.papers");
        assertThat(texts("SELECT state || ' ' || layout FROM lake.published"))
                .containsExactly("SERVING vector(8), cosine, hnsw m=8 ef_construction=200");
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        append(0, 50, 8);
        Report report = job("").run(new Request("papers", NOW, true), Progress.NONE);
        assertThat(report.outcome()).isEqualTo(Outcome.PLANNED);
        assertThat(report.layout()).isEqualTo("vector(8), cosine, hnsw m=16 ef_construction=200");
        assertThat(texts("SELECT nspname FROM pg_namespace WHERE nspname IN ('lake', 'vectors')"))
                .isEmpty();
    }

    @Test
    void anIndexThatFindsTooLittleDoesNotServe() throws Exception {
        append(0, 800, 64);
        publish("");
        append(800, 1600, 64);
        assertThatThrownBy(() -> publish("index = ivf, ivf.probes = 1, recall = 1.0"))
                .isInstanceOfSatisfying(LakeException.class, e -> {
                    assertThat(e.kind()).isEqualTo(LakeException.Kind.GATE);
                    assertThat(e.reason()).contains("recall@10", "ivfflat.probes = 1", "1.0");
                });
        assertThat(texts("SELECT count(*) FROM vectors.papers")).containsExactly("800");
        assertThat(tables()).containsExactly("vectors.papers");
    }

    @Test
    void aReaderSeesTheOldTableWholeOrTheNewOneWhole() throws Exception {
        append(0, 100, 8);
        publish("");
        append(100, 300, 8);
        Set<String> seen = new TreeSet<>();
        CountDownLatch reading = new CountDownLatch(1);
        CompletableFuture<Report> publication;
        try (Connection reader = SharedPostgres.connect(server)) {
            publication = CompletableFuture.supplyAsync(() -> {
                try {
                    reading.await();
                    return publish("");
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            });
            while (!publication.isDone()) {
                seen.addAll(texts(reader, "SELECT count(*) FROM vectors.papers"));
                reading.countDown();
            }
            seen.addAll(texts(reader, "SELECT count(*) FROM vectors.papers"));
        }
        assertThat(publication.join().outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(seen).containsExactly("100", "300");
    }

    @Test
    void aTransactionThatBeganBeforeTheRowsWereLoadedDoesNotFindTheNewTableEmpty() throws Exception {
        append(0, 100, 8);
        publish("");
        append(100, 300, 8);
        CompletableFuture<Report> publication;
        try (Connection reader = SharedPostgres.connect(server)) {
            reader.setAutoCommit(false);
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            texts(reader, "SELECT pg_current_snapshot()::text");
            publication = CompletableFuture.supplyAsync(() -> {
                try {
                    return publish("");
                } catch (IOException e) {
                    throw new IllegalStateException(e);
                }
            });
            while (!texts("SELECT state FROM lake.published").contains("READY") && !publication.isDone()) {
                Thread.sleep(50);
            }
            Thread.sleep(500); // it would have been put in place by now
            assertThat(texts(reader, "SELECT count(*) FROM vectors.papers")).containsExactly("100");
            reader.commit();
        }
        assertThat(publication.join().outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(texts("SELECT count(*) FROM vectors.papers")).containsExactly("300");
    }

    @Test
    void whatAKilledRunHasLeftIsFinishedOrDropped() throws Exception {
        append(0, 100, 8);
        publish("");
        append(100, 300, 8);
        CollectionVersion version = version();
        VectorStore store = VectorStore.open(server);
        PublicationPlan plan =
                PublicationPlan.of(config("").vectors().find("papers").orElseThrow(), 8, version.rows());

        store.load(spark, "papers", version.number(), plan.layout(), version.data());
        VectorLoad built = store.load(spark, "papers", version.number(), plan.layout(), version.data());
        assertThat(tables()).containsExactlyInAnyOrder("vectors.papers", "lake_vectors." + built.leaf());
        assertThat(store.verify(built).matches()).isTrue();
        store.build(built);
        assertThat(store.kept("papers", version.number(), plan.layout())).isEmpty();
        Connection orphan = SharedPostgres.connect(server);
        orphan.setAutoCommit(false);
        execute(orphan, "SET application_name = 'lake index " + built.leaf() + "'");
        execute(orphan, "LOCK TABLE lake_vectors." + built.leaf() + " IN SHARE MODE");
        VectorLoad kept = store.load(spark, "papers", version.number(), plan.layout(), version.data());
        assertThat(orphan.isValid(1))
                .as("what the server still did for the killed run")
                .isFalse();
        store.build(kept);
        store.keep(kept, 0.97, "kept");
        assertThat(texts("SELECT count(*) FROM vectors.papers")).containsExactly("100");

        Report report = publish("");

        assertThat(report.outcome()).isEqualTo(Outcome.PUBLISHED);
        assertThat(report.measured()).as("nothing had to be built").isEmpty();
        assertThat(report.served().orElseThrow().recall()).isEqualTo(0.97, within(0.0));
        assertThat(report.served().orElseThrow().leaf()).isEqualTo(kept.leaf());
        assertThat(texts("SELECT count(*) FROM vectors.papers")).containsExactly("300");
        assertThat(tables()).containsExactly("vectors.papers");
    }

    @Test
    void aCollectionThatHasBecomeEmptyIsPublishedEmpty() throws Exception {
        append(0, 20, 8);
        publish("");
        spark.sql("DELETE FROM delta.`" + home().tablePath(TABLE.name()) + "`");
        assertThat(publish("").rows()).isZero();
        assertThat(texts("SELECT count(*) FROM vectors.papers")).containsExactly("0");
    }

    @Test
    void anErasureFindsAPersonInAPublishedTableAndRemovesHim() throws Exception {
        append(0, 100, 8);
        publish("");
        try (Connection connection = SharedPostgres.connect(server)) {
            assertThat(texts(connection, "SELECT count(*) FROM vectors.papers WHERE user_id = 'person 1'"))
                    .containsExactly("33");
        }
        var persons = HotStore.open(server, 1).persons();

        assertThat(persons.find("person 1")).isEqualTo(Map.of("vectors.papers", 33L));
        persons.remove(persons.find("person 1"), "person 1");

        assertThat(persons.find("person 1")).isEmpty();
        assertThat(texts("SELECT count(*) FROM vectors.papers")).containsExactly("67");
    }

    @Test
    void aServerWithoutPgvectorIsNamedWithWhatToDo() throws Exception {
        append(0, 20, 8);
        PublishJob job = new PublishJob(spark, config(""), home(), SharedPostgres.emptyDatabase());
        assertThatThrownBy(() -> job.run(new Request("papers", NOW, false), Progress.NONE))
                .isInstanceOfSatisfying(LakeException.class, e -> {
                    assertThat(e.reason()).contains("pgvector");
                    assertThat(e.remedy()).contains("postgresql-NN-pgvector", "lake vectors search");
                });
    }

    @Test
    void rowsThatPostgresCannotHoldAreRefusedAndTheOlderTableServes() throws Exception {
        append(0, 20, 8);
        publish("");
        append(rows(20, 21, 8).withColumn("text", functions.lit("a\u0000b")));
        assertThatThrownBy(() -> publish(""))
                .hasMessageContaining("column text")
                .hasMessageContaining("NUL");
        assertThat(texts("SELECT count(*) FROM vectors.papers")).containsExactly("20");
        assertThat(tables()).containsExactly("vectors.papers");
    }

    @Test
    void twoRowsOfTheSameIdAreRefused() throws Exception {
        append(0, 20, 8);
        append(0, 1, 8);
        assertThatThrownBy(() -> publish("")).hasMessageContaining("two of its rows have the same id");
        assertThat(tables()).isEmpty();
    }

    @Test
    void vectorsOfSeveralLengthsAreRefused() throws Exception {
        append(0, 20, 8);
        append(20, 40, 16);
        assertThatThrownBy(() -> publish("")).hasMessageContaining("8 to 16 dimensions");
    }

    @Test
    void aTableThatSomebodyElseMadeIsNotReplaced() throws Exception {
        append(0, 20, 8);
        execute("CREATE SCHEMA vectors");
        execute("CREATE TABLE vectors.papers AS SELECT 1 AS mine");
        assertThatThrownBy(() -> publish("")).hasMessageContaining("that the lake did not make");
        assertThat(texts("SELECT mine FROM vectors.papers")).containsExactly("1");
    }

    @Test
    void aCollectionWithoutVectorsSaysWhatComesFirst() {
        assertThatThrownBy(() -> publish("")).hasMessageContaining("lake vectors embed papers");
    }

    private Report publish(String keys) throws IOException {
        return job(keys).run(new Request("papers", NOW, false), Progress.NONE);
    }

    private PublishJob job(String keys) throws IOException {
        return new PublishJob(spark, config(keys), home(), server);
    }

    private LakeConfig config(String keys) throws IOException {
        Path file = Files.writeString(
                folder.resolve("lake.conf"),
                "lake.vectors.recall.sample = 400\nlake.vectors.collections.papers { source = \"user_data.documents\","
                        + " vector = embedding\n" + keys + " }");
        return LakeConfig.load(
                file, Map.of(), Map.of("lake.home", folder.resolve("home").toString()));
    }

    private LakeHome home() throws IOException {
        return LakeHome.open(config(""));
    }

    private CollectionVersion version() throws IOException {
        var snapshot = new TableLog(home()).snapshot(TABLE.name()).orElseThrow();
        return CollectionVersion.read(spark, home(), "papers", snapshot);
    }

    private void append(int from, int to, int dimensions) throws IOException {
        append(rows(from, to, dimensions));
    }

    private void append(Dataset<Row> rows) throws IOException {
        DeltaTables.ensure(spark, home(), TABLE);
        new DeltaAppend(spark, home()).append(TABLE, rows);
    }

    /** Of three persons, in clusters of ten. */
    private Dataset<Row> rows(int from, int to, int dimensions) {
        return spark.range(from, to)
                .selectExpr(
                        "concat('row ', id) AS id",
                        "concat('person ', id % 3) AS user_id",
                        "timestampadd(SECOND, int(id), timestamp '2026-01-01 00:00:00') AS event_time",
                        "concat('text ', id) AS text",
                        "map('kind', if(id % 2 = 0, 'even', 'odd')) AS attributes",
                        "sha2(string(id), 256) AS content_sha256",
                        "'external' AS model",
                        "'' AS model_version",
                        dimensions + " AS dimensions",
                        "false AS normalised",
                        "transform(sequence(1, " + dimensions + "), i -> float((xxhash64(id div 10, i) % 1000"
                                + " + xxhash64(id, i) % 300) / 1000)) AS vector",
                        "'user_data.documents' AS source_dataset",
                        "1L AS source_version",
                        "timestamp '2026-02-01 00:00:00' AS computed_at",
                        "'2026-01' AS month");
    }

    private List<String> tables() throws SQLException {
        return texts(
                "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('vectors', 'lake_vectors')");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = SharedPostgres.connect(server)) {
            execute(connection, sql);
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> texts(String query) throws SQLException {
        try (Connection connection = SharedPostgres.connect(server)) {
            return texts(connection, query);
        }
    }

    private static List<String> texts(Connection connection, String query) throws SQLException {
        List<String> texts = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            while (rows.next()) {
                texts.add(rows.getString(1));
            }
        }
        return texts;
    }
}
