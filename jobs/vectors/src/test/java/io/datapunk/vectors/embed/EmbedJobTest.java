package io.datapunk.vectors.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.delta.DeltaAppend;
import io.datapunk.lake.delta.DeltaTables;
import io.datapunk.lake.delta.TableLog;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.VectorsTable;
import io.datapunk.lake.spark.LakeSession;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.CollectionAccumulator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of vectors follows its source, and nothing is encoded twice. */
class EmbedJobTest {
    private static final Instant NOW = Instant.parse("2026-11-26T06:05:00Z");
    private static final DatasetName IMAGES = new DatasetName("shop", "images");

    private static final String COLLECTIONS = """
            lake.vectors.collections {
              activity.filters = [kind, product, language]
              recent { source = "user_data.activity", text = [[kind], [title]], keep = 30 d }
              images { source = "shop.images", id = sku, vector = embedding, time = "", filters = [colour] }
              distances { source = "shop.images", id = sku, vector = embedding, time = "", metric = euclidean }
              absent { source = "shop.nothing", text = [[title]] }
              misspelt { source = "user_data.activity", text = [[kind, titel]], filters = [colour] }
              untimely { source = "user_data.activity", text = [[title]], time = month }
              unlike { source = "user_data.activity", vector = title }
              unkeyed { source = "shop.images", id = colour, vector = embedding, time = "" }
            }
            """;

    @TempDir
    private Path folder;

    private LakeConfig config;
    private LakeHome home;
    private SparkSession spark;
    private CollectionAccumulator<String> encoded;

    @BeforeEach
    void anEmptyLake() throws IOException {
        config = LakeConfig.load(
                Files.writeString(folder.resolve("own.conf"), COLLECTIONS),
                Map.of(),
                Map.of("lake.home", folder.resolve("home").toString()));
        home = LakeHome.open(config);
        spark = SharedSpark.session(folder.resolve("home"));
        encoded = spark.sparkContext().collectionAccumulator();
    }

    @Test
    void everyRowWithATextHasAVector() {
        activity(
                "1 | ann | 2026-10-05 10:00:00 | searched | lake depth | en",
                "2 | bob | 2026-11-05 10:00:00 | searched | lake depth | null",
                "3 | bob | null | visited | a map of  the coast | null",
                "4 | ann | 2026-11-06 10:00:00 | null | null | null");

        EmbedJob.Report report = run("activity");

        assertThat(report)
                .isEqualTo(new EmbedJob.Report(
                        "activity",
                        ActivityTable.DEFINITION.name(),
                        version(ActivityTable.DEFINITION.name()),
                        "words",
                        model("1").version(),
                        4,
                        1,
                        0,
                        3,
                        0,
                        0,
                        2,
                        List.of()));
        assertThat(vectors("activity", "id, user_id, cast(event_time AS string), month, text, to_json(attributes)"))
                .containsExactly(
                        "[1,ann,2026-10-05 10:00:00,2026-10,searched lake depth,"
                                + "{\"kind\":\"searched\",\"language\":\"en\",\"product\":\"Search\"}]",
                        "[2,bob,2026-11-05 10:00:00,2026-11,searched lake depth,"
                                + "{\"kind\":\"searched\",\"product\":\"Search\"}]",
                        "[3,bob,null,undated,visited a map of the coast,"
                                + "{\"kind\":\"visited\",\"product\":\"Search\"}]");
        assertThat(vectors(
                        "activity",
                        "DISTINCT model, model_version, dimensions, size(vector), normalised,"
                                + " source_dataset, source_version, computed_at = TIMESTAMP '2026-11-26 06:05:00'"))
                .containsExactly("[words," + model("1").version() + ",16,16,true,user_data.activity,"
                        + report.sourceVersion() + ",true]");
        assertThat(vectorOf("activity", "3")).containsExactly(WordsModel.vector("visited a map of the coast"));
        assertThat(encoded.value()).as("equal texts once").hasSize(2);
    }

    @Test
    void theModelThatComesWithTheLakeRunsInTasks() {
        activity("1 | ann | 2026-10-05 10:00:00 | searched | lake depth | en");

        EmbedJob.Report report =
                new EmbedJob(spark, config, home).run(new EmbedJob.Request("activity", NOW), Progress.NONE);

        assertThat(report.model()).isEqualTo("all-minilm-l6-v2-q");
        try (TextEncoder model = OnnxModel.of(config.vectors()).open(1)) {
            assertThat(vectorOf("activity", "1")).containsExactly(model.encode(List.of("searched lake depth"))[0]);
            assertThat(report.modelVersion()).isEqualTo(model.version());
        }
    }

    @Test
    void aSecondRunChangesNothing() {
        activity("1 | ann | 2026-10-05 10:00:00 | searched | lake depth | en");
        run("activity");
        long version = version(VectorsTable.name("activity"));
        encoded.reset();

        EmbedJob.Report again = run("activity");

        assertThat(again.read()).isEqualTo(1);
        assertThat(again.inserted() + again.updated() + again.deleted() + again.encoded())
                .isZero();
        assertThat(encoded.value()).isEmpty();
        assertThat(version(VectorsTable.name("activity"))).isEqualTo(version);
    }

    @Test
    void itFollowsItsSource() throws IOException {
        activity(
                "1 | ann | 2026-10-05 10:00:00 | searched | lake depth | en",
                "2 | ann | 2026-10-06 10:00:00 | searched | river length | en",
                "3 | bob | 2026-10-07 10:00:00 | searched | weather | en",
                "4 | bob | 2026-10-08 10:00:00 | searched | tides | en",
                "5 | bob | 2026-10-09 10:00:00 | searched | ferries | en");
        run("activity");
        encoded.reset();
        change("UPDATE %s SET title = 'river depth' WHERE id = '2'");
        change("UPDATE %s SET language = 'de' WHERE id = '3'");
        change("DELETE FROM %s WHERE id = '4'");
        change("UPDATE %s SET title = null, kind = null WHERE id = '5'");
        activity("6 | bob | 2026-11-09 10:00:00 | searched | river length | en");

        EmbedJob.Report report = run("activity");

        assertThat(vectors("activity", "id, text, attributes['language']"))
                .containsExactly(
                        "[1,searched lake depth,en]",
                        "[2,searched river depth,en]",
                        "[3,searched weather,de]",
                        "[6,searched river length,en]");
        assertThat(vectorOf("activity", "2")).containsExactly(WordsModel.vector("searched river depth"));
        assertThat(vectorOf("activity", "6")).containsExactly(WordsModel.vector("searched river length"));
        assertThat(List.of(report.inserted(), report.updated(), report.deleted(), report.empty()))
                .containsExactly(1L, 2L, 2L, 1L);
        assertThat(encoded.value())
                .as("row 3 has its vector already")
                .containsExactlyInAnyOrder("searched river depth", "searched river length");
        assertThat(Files.readString(home.audit().resolve("log.ndjson")))
                .contains("\"action\":\"vectors.remove\",\"subject\":\"vectors.activity\"")
                .contains("\"rows\":\"2\"");
    }

    @Test
    void aNewRowTakesTheVectorOfAnEqualOne() {
        activity("1 | ann | 2026-10-05 10:00:00 | searched | lake depth | en");
        run("activity");
        encoded.reset();
        activity(
                "2 | bob | 2026-11-05 10:00:00 | searched | lake depth | en",
                "3 | bob | 2026-11-06 10:00:00 | searched | tides | en");

        EmbedJob.Report report = run("activity");

        assertThat(encoded.value()).containsExactly("searched tides");
        assertThat(report.encoded()).isEqualTo(1);
        assertThat(report.inserted()).isEqualTo(2);
        assertThat(vectorOf("activity", "2")).containsExactly(vectorOf("activity", "1"));
    }

    @Test
    void anotherModelMakesAllVectorsAnew() {
        activity(
                "1 | ann | 2026-10-05 10:00:00 | searched | lake depth | en",
                "2 | bob | 2026-11-05 10:00:00 | searched | tides | en");
        run("activity");
        encoded.reset();

        EmbedJob.Report report = job(model("2"), 100).run(new EmbedJob.Request("activity", NOW), Progress.NONE);

        assertThat(report.updated()).isEqualTo(2);
        assertThat(report.inserted() + report.deleted()).isZero();
        assertThat(encoded.value()).hasSize(2);
        assertThat(vectors("activity", "id, model_version"))
                .containsExactly(
                        "[1," + model("2").version() + "]", "[2," + model("2").version() + "]");
    }

    @Test
    void rowsLeaveWhenTheirTimeIsOver() {
        activity(
                "1 | ann | 2026-10-27 06:04:59 | searched | just too old | en",
                "2 | ann | 2026-10-27 06:05:00 | searched | just young enough | en",
                "3 | ann | null | searched | without a time | en",
                "4 | ann | 2026-11-26 05:00:00 | null | only a title | en");

        assertThat(run("recent").inserted()).isEqualTo(3);

        assertThat(vectors("recent", "id, replace(text, '\\n', '/'), dimensions"))
                .containsExactly(
                        "[2,searched/just young enough,32]", "[3,searched/without a time,32]", "[4,/only a title,32]");
        assertThat(vectorOf("recent", "4")).startsWith(new float[16]).endsWith(WordsModel.vector("only a title"));

        EmbedJob.Report nextDay = job(model("1"), 100)
                .run(new EmbedJob.Request("recent", Instant.parse("2026-11-27T06:05:00Z")), Progress.NONE);

        assertThat(nextDay.deleted()).isEqualTo(1);
        assertThat(vectors("recent", "id")).containsExactly("[3]", "[4]");
    }

    @Test
    void whatWasCommittedBeforeAKillIsNotDoneAgain() {
        activity(Stream.iterate(1, id -> id + 1)
                .limit(40)
                .map(id -> "%d | ann | 2026-%02d-05 10:00:00 | searched | thing number %d | en"
                        .formatted(id, 1 + id % 4, id))
                .toArray(String[]::new));
        EmbedJob job = job(model("1"), 12);

        assertThatThrownBy(() -> job.run(new EmbedJob.Request("activity", NOW), new KilledAfter(2)))
                .hasMessage("killed");
        assertThat(vectors("activity", "DISTINCT month"))
                .as("the newest first")
                .containsExactly("[2026-03]", "[2026-04]");

        EmbedJob.Report rest = job.run(new EmbedJob.Request("activity", NOW), Progress.NONE);

        assertThat(rest.inserted()).isEqualTo(20);
        assertThat(vectors("activity", "id")).hasSize(40);
        assertThat(encoded.value()).hasSize(40).doesNotHaveDuplicates();
    }

    @Test
    void aLargeMonthIsCommittedInParts() {
        activity(Stream.iterate(1, id -> id + 1)
                .limit(40)
                .map(id -> "%d | ann | 2026-03-05 10:00:00 | searched | thing number %d | en".formatted(id, id % 30))
                .toArray(String[]::new));

        EmbedJob.Report report = job(model("1"), 15).run(new EmbedJob.Request("activity", NOW), Progress.NONE);

        assertThat(report.inserted()).isEqualTo(40);
        assertThat(vectors("activity", "count(*), count(DISTINCT id), count(DISTINCT text)"))
                .containsExactly("[40,40,30]");
        assertThat(encoded.value())
                .as("equal texts of several parts")
                .hasSize(30)
                .doesNotHaveDuplicates();
        assertThat(report.encoded()).isEqualTo(30);
        assertThat(version(VectorsTable.name("activity")))
                .as("made, and three parts")
                .isEqualTo(3);
    }

    @Test
    void vectorsThatComeWithTheirRowsAreTakenWhereTheyFit() {
        images(
                "('a', 'red', array(3D, 4D))",
                "('b', 'red', array(0D, 2D))",
                "('long', 'red', array(1D, 2D, 3D))",
                "('endless', 'red', array(1D, double('infinity')))",
                "('gap', 'red', array(1D, null))",
                "('zero', 'red', array(0D, 0D))",
                "('none', 'red', null)");

        EmbedJob.Report cosine = run("images");
        EmbedJob.Report euclidean = run("distances");

        assertThat(vectors("images", "id, vector, text, model, model_version, normalised, month, user_id"))
                .containsExactly(
                        "[a,ArraySeq(0.6, 0.8),null,external,,true,undated,null]",
                        "[b,ArraySeq(0.0, 1.0),null,external,,true,undated,null]");
        assertThat(vectors("distances", "id, vector, normalised"))
                .containsExactly(
                        "[a,ArraySeq(3.0, 4.0),false]",
                        "[b,ArraySeq(0.0, 2.0),false]",
                        "[zero,ArraySeq(0.0, 0.0),false]");
        assertThat(List.of(cosine.read(), cosine.empty(), cosine.unfit(), cosine.inserted(), cosine.encoded()))
                .containsExactly(7L, 1L, 4L, 2L, 0L);
        assertThat(euclidean.unfit()).isEqualTo(3);
        assertThat(cosine.warnings()).singleElement().asString().contains("4 rows of shop.images are left out", "sku");
        assertThat(run("images").inserted()).isZero();
    }

    @Test
    void whatCannotBeReadIsRefusedWithARemedy() {
        activity("1 | ann | 2026-10-05 10:00:00 | searched | lake depth | en");
        images("('a', 'red', array(3D, 4D))", "('b', 'red', array(3D, 4D))");

        assertRefused("unheard-of", "there is no collection 'unheard-of'", "activity");
        assertRefused("absent", "there is no table shop.nothing", "lake.vectors.collections.absent.source");
        assertRefused("misspelt", "has no column titel, colour", "title");
        assertRefused("untimely", "has no times in month", "string");
        assertRefused("unlike", "has no vectors in title", "array<float>");
        assertRefused("unkeyed", "cannot be told apart by colour", "red");
        assertThat(Files.exists(folder.resolve("home/tables/vectors")))
                .as("nothing was begun")
                .isFalse();
    }

    @Test
    void nothingOfAPersonStandsInTheLog() throws IOException {
        activity("1 | ann | 2026-10-05 10:00:00 | searched | lake depth | en");
        run("activity");

        try (Stream<Path> commits = Files.list(Path.of(home.tablePath(VectorsTable.name("activity")), "_delta_log"))) {
            for (Path commit :
                    commits.filter(file -> file.toString().endsWith(".json")).toList()) {
                assertThat(Files.readString(commit)).doesNotContain("lake depth", "\"ann", "searched");
            }
        }
    }

    private void assertRefused(String collection, String... parts) {
        assertThatThrownBy(() -> run(collection))
                .as(collection)
                .isInstanceOf(LakeException.class)
                .hasMessageContainingAll(parts);
    }

    /** A progress that ends the run after some batches. */
    private static final class KilledAfter implements Progress {
        private final AtomicInteger left;

        KilledAfter(int batches) {
            left = new AtomicInteger(batches);
        }

        @Override
        public Stage begin(String stage, long total, String unit) {
            return new Stage() {
                @Override
                public void advance(long amount) {
                    if (left.decrementAndGet() == 0) {
                        throw new IllegalStateException("killed");
                    }
                }

                @Override
                public void close() {}
            };
        }
    }

    private WordsModel model(String release) {
        CollectionAccumulator<String> texts = encoded;
        return new WordsModel(release, texts::add);
    }

    private EmbedJob job(TextModel model, long batchRows) {
        return new EmbedJob(spark, config, home, () -> model, batchRows);
    }

    private EmbedJob.Report run(String collection) {
        return job(model("1"), 100).run(new EmbedJob.Request(collection, NOW), Progress.NONE);
    }

    /** Rows as {@code id | user | event_time | kind | title | language}. */
    private void activity(String... rows) {
        DeltaTables.ensure(spark, home, ActivityTable.DEFINITION);
        String values = Stream.of(rows)
                .map(row -> Stream.of(row.split(" \\| ", -1))
                        .map(value -> value.equals("null") ? "null" : "'" + value + "'")
                        .reduce((one, other) -> one + "," + other)
                        .orElseThrow())
                .reduce((one, other) -> one + "),(" + other)
                .orElseThrow();
        new DeltaAppend(spark, home)
                .append(
                        ActivityTable.DEFINITION,
                        spark.sql("SELECT *, 'm' AS match_key, 's' AS source, 'i' AS import_id, 'e' AS entry,"
                                + " 0L AS position, TIMESTAMP '2026-11-20 00:00:00' AS ingested_at, 'Search' AS product,"
                                + " coalesce(substr(event_time, 1, 7), 'undated') AS month FROM VALUES (" + values
                                + ") AS rows(id, user_id, event_time, kind, title, language)"));
    }

    private void images(String... rows) {
        spark.sql("SELECT * FROM VALUES " + String.join(",", rows) + " AS rows(sku, colour, embedding)")
                .write()
                .format("delta")
                .save(home.tablePath(IMAGES));
    }

    private void change(String statement) {
        LakeSession.internal(spark, () -> spark.sql(
                        statement.formatted("delta.`" + home.tablePath(ActivityTable.DEFINITION.name()) + "`"))
                .collectAsList());
    }

    private long version(DatasetName dataset) {
        return TableLog.of(config, home).snapshot(dataset).orElseThrow().version();
    }

    private List<String> vectors(String collection, String columns) {
        return rows("SELECT " + columns + " FROM vectors." + collection + " ORDER BY 1").stream()
                .map(Object::toString)
                .toList();
    }

    private float[] vectorOf(String collection, String id) {
        List<Float> values = rows("SELECT vector FROM vectors." + collection + " WHERE id = '" + id + "'")
                .get(0)
                .getList(0);
        float[] vector = new float[values.size()];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = values.get(i);
        }
        return vector;
    }

    private List<Row> rows(String query) {
        return LakeSession.internal(spark, () -> spark.sql(query).collectAsList());
    }
}
