package io.datapunk.lake.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValue;
import io.datapunk.lake.config.HotIndex.Condition;
import io.datapunk.lake.config.HotIndex.Key;
import io.datapunk.lake.config.HotIndex.Method;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Period;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LakeConfigTest {
    private static final DatasetName ACTIVITY = DatasetName.parse("user_data.activity");

    @TempDir
    private Path folder;

    @Test
    void theDefaultsAreTheNumbersOfTheDesign() {
        LakeConfig config = LakeConfig.load(null, Map.of(), Map.of());

        assertThat(config.home()).isEqualTo("lake-home");
        assertThat(config.postgres().embedded()).isTrue();
        assertThat(config.postgres().port()).isZero();
        assertThat(config.access().flushInterval()).isEqualTo(Duration.ofSeconds(30));
        assertThat(config.access().sources()).containsExactlyInAnyOrder("spool", "postgres", "s3");
        assertThat(config.access().rawRetention()).isEqualTo(Duration.ofDays(90));
        assertThat(config.access().rolledUpRetention()).isEqualTo(Duration.ofDays(365));
        assertThat(config.access().s3Logs()).isEmpty();
        assertThat(config.access().s3OwnAgents()).containsExactly("datapunk-lake");
        TieringConfig tiering = config.tiering();
        assertThat(tiering.policy()).isEqualTo("threshold");
        assertThat(tiering.minimumBytes()).isEqualTo(1L << 20);
        assertThat(tiering.hot())
                .isEqualTo(new TieringConfig.Hot(
                        Duration.ofHours(24),
                        0.95,
                        new Rate("10/h", 10),
                        new Rate("1/d", 1.0 / 24),
                        Duration.ofDays(30),
                        Duration.ofDays(7),
                        false,
                        3,
                        0,
                        List.of()));
        assertThat(tiering.warm()).isEqualTo(new TieringConfig.Warm(Duration.ofHours(72), 0.85, 64L << 20, List.of()));
        assertThat(tiering.cold())
                .isEqualTo(new TieringConfig.Cold(
                        Duration.ofDays(90),
                        new Rate("1/w", 1.0 / 168),
                        new Rate("1/d", 1.0 / 24),
                        Duration.ofDays(90),
                        19,
                        256L << 20,
                        32L << 20,
                        "default",
                        false,
                        "lake-cold-1"));
        assertThat(config.ingest().quarantineSampleBytes()).isEqualTo(64_000);
        assertThat(config.spark().snapshotPartitions()).isEqualTo(2);
    }

    @Test
    void aComplianceCategoryIsTheNameOfAFolder() {
        for (String category : List.of("GDPR", "../warm", "a=b", "-")) {
            assertThatThrownBy(() -> LakeConfig.load(null, Map.of("LAKE_TIERING_COLD_CATEGORY", category), Map.of()))
                    .isInstanceOf(LakeException.class)
                    .hasMessageContaining("the name of a folder");
        }
        assertThat(LakeConfig.load(null, Map.of("LAKE_TIERING_COLD_CATEGORY", "sox-7y"), Map.of())
                        .tiering()
                        .cold()
                        .category())
                .isEqualTo("sox-7y");
    }

    @Test
    void coldFilesAreNotPutWhereTheyCannotBeRead() throws IOException {
        for (String archive : List.of("GLACIER", "deep_archive")) {
            LakeException refused = catchThrowableOfType(
                    LakeException.class,
                    () -> LakeConfig.load(null, Map.of("LAKE_STORAGE_COLD_STORAGE_CLASS", archive), Map.of()));
            assertThat(refused).hasMessageContainingAll("storage-class", archive, "read at once", "GLACIER_IR");
        }
        for (String setting : List.of(
                "fs.s3a.create.storage.class = glacier",
                "fs.s3a.bucket.b.create.storage.class = DEEP_ARCHIVE",
                "fs.s3a.glacier.read.restored.objects = SKIP_ALL_GLACIER")) {
            String[] parts = setting.split(" = ", 2);
            LakeException refused = catchThrowableOfType(
                    LakeException.class,
                    () -> LakeConfig.load(
                            write("lake.spark.settings.\"spark.hadoop." + parts[0] + "\" = " + parts[1]),
                            Map.of(),
                            Map.of()));
            assertThat(refused).as(setting).hasMessageContaining(parts[0]);
        }
        LakeConfig allowed = LakeConfig.load(null, Map.of("LAKE_STORAGE_COLD_STORAGE_CLASS", "glacier_ir"), Map.of());
        assertThat(allowed.storage().cold().storageClass()).contains("GLACIER_IR");
    }

    @Test
    void placesForCopiesAreAListOrATextWithCommas() throws IOException {
        assertThat(LakeConfig.load(null, Map.of(), Map.of()).storage().cold())
                .isEqualTo(new StorageConfig.Cold(Optional.empty(), 3, List.of()));
        assertThat(LakeConfig.load(
                                write("lake.storage.cold.locations = [\"/mnt/a\", \"s3a://bucket/b\"]"),
                                Map.of(),
                                Map.of())
                        .storage()
                        .cold()
                        .locations())
                .containsExactly("/mnt/a", "s3a://bucket/b");
        assertThat(LakeConfig.load(null, Map.of("LAKE_STORAGE_COLD_LOCATIONS", "/mnt/a, s3a://bucket/b"), Map.of())
                        .storage()
                        .cold()
                        .locations())
                .containsExactly("/mnt/a", "s3a://bucket/b");
        Map.of("ftp://a", "ftp://a is neither", "/mnt/a,/mnt/a", "each location once")
                .forEach((locations, complaint) -> assertThat(catchThrowableOfType(
                                LakeException.class,
                                () -> LakeConfig.load(
                                        null, Map.of("LAKE_STORAGE_COLD_LOCATIONS", locations), Map.of())))
                        .hasMessageContaining(complaint));
    }

    @Test
    void everyKeyTellsWhatItIsAndWhereItsDefaultComesFrom() {
        Config reference = ConfigFactory.parseResources("io/datapunk/lake/config/lake.conf");

        String collections = "lake.vectors.collections";
        Map<String, ConfigValue> told = new TreeMap<>();
        reference.entrySet().stream()
                .filter(entry -> !entry.getKey().startsWith(collections))
                .forEach(entry -> told.put(entry.getKey(), entry.getValue()));
        // Their keys are those of lake.vectors.collection.
        told.putAll(reference.getObject(collections));
        assertThat(told).hasSizeGreaterThan(40).allSatisfy((key, value) -> assertThat(
                        String.join(" ", value.origin().comments()))
                .as(key)
                .matches(".*[A-Za-z].*\\[(seed|ours|CONTRACTS).*].*"));
    }

    @Test
    void mistakesAboutTheSourcesOfAccessesAreToldTogether() throws IOException {
        Path file = write("""
                lake.access { sources = "spool, ftp", raw-retention = 2 d, rolled-up-retention = 1 d, s3.logs = "gs://x" }
                """);
        assertThatThrownBy(() -> LakeConfig.load(file, Map.of(), Map.of()))
                .hasMessageContaining("some of spool, postgres, s3, with commas between")
                .hasMessageContaining("to be no shorter than raw-retention")
                .hasMessageContaining("s3a://bucket/prefix or a folder");
    }

    @Test
    void theCommandLineGoesBeforeTheEnvironmentBeforeTheFileBeforeTheDefaults() throws IOException {
        Path file = write("""
                lake.home = from-file
                lake.ingest { split-size = 1 MiB, max-depth = 1, max-ratio = 7 }
                """);

        LakeConfig config = LakeConfig.load(
                file,
                Map.of("LAKE_HOME", "from-environment", "LAKE_INGEST_MAX_DEPTH", "2", "HOME", "/root"),
                Map.of("lake.home", "from-command-line"));

        assertThat(config.home()).isEqualTo("from-command-line");
        assertThat(config.ingest().maxDepth()).isEqualTo(2);
        assertThat(config.ingest().splitBytes()).isEqualTo(1L << 20);
        assertThat(config.settings())
                .contains(
                        new Setting("lake.home", "from-command-line", "command line"),
                        new Setting("lake.ingest.max-depth", "2", "LAKE_INGEST_MAX_DEPTH"),
                        new Setting("lake.ingest.max-ratio", "7", file + ": 2"),
                        new Setting("lake.ingest.max-entries", "10000000", "default"));
    }

    @Test
    void aDatasetsIndexesAreData() throws IOException {
        Path file = write("""
                lake.datasets."user_data.activity".tiering.hot.indexes = [
                  { columns = ["kind", "event_time desc"], covering = [title], where = ["url is not null", "kind = 'it''s'"] }
                  { method = gin, columns = [recipients] }
                  { method = gist, columns = [began, ended] }
                ]
                """);

        assertThat(LakeConfig.load(file, Map.of(), Map.of())
                        .tiering(ACTIVITY)
                        .hot()
                        .indexes())
                .containsExactly(
                        new HotIndex(
                                Method.BTREE,
                                List.of(new Key("kind", false), new Key("event_time", true)),
                                List.of("title"),
                                List.of(
                                        new Condition("url", HotIndex.Condition.Test.IS_NOT_NULL, ""),
                                        new Condition("kind", HotIndex.Condition.Test.EQUALS, "it's"))),
                        new HotIndex(Method.GIN, List.of(new Key("recipients", false)), List.of(), List.of()),
                        new HotIndex(
                                Method.GIST,
                                List.of(new Key("began", false), new Key("ended", false)),
                                List.of(),
                                List.of()));
    }

    @Test
    void anIndexThatCannotBeMadeIsAMistakeThatSaysWhatCan() throws IOException {
        for (String index : List.of(
                "{ columns = [] }",
                "{ column = [a] }",
                "{ method = brin, columns = [a] }",
                "{ method = gin, columns = [a, b] }",
                "{ method = trigram, columns = [a], covering = [b] }",
                "{ method = gist, columns = [a] }",
                "{ columns = [a], where = [\"a > 5; DROP TABLE x\"] }",
                "5")) {
            Path file = write("lake.tiering.hot.indexes = [ " + index + " ]");
            assertThatThrownBy(() -> LakeConfig.load(file, Map.of(), Map.of()))
                    .as(index)
                    .hasMessageContaining("lake.tiering.hot.indexes = a list")
                    .hasMessageContaining("needs a list of groups, each with columns = [");
        }
    }

    @Test
    void aDatasetOverridesSomeOfItsTieringAndInheritsTheRest() throws IOException {
        Path file = write("""
                lake.tiering.hot.window = 12 h
                lake.datasets."user_data.activity".tiering.hot.enter-above = 5/h
                """);

        LakeConfig config = LakeConfig.load(file, Map.of(), Map.of());

        TieringConfig activity = config.tiering(ACTIVITY);
        assertThat(activity.hot().enterAbove().perHour()).isEqualTo(5);
        assertThat(activity.hot().window()).isEqualTo(Duration.ofHours(12));
        assertThat(activity.cold()).isEqualTo(config.tiering().cold());
        assertThat(config.tiering(DatasetName.parse("user_data.media"))).isEqualTo(config.tiering());
    }

    @Test
    void retentionIsClassesRulesAndOverrides() throws IOException {
        Path file = write("""
                lake.archive.retention {
                  classes { logs = 30 d, gdpr = 10 y }
                  rules = [
                    { of = rows, dataset = "ops.*", partition = "month=2019-*", class = keep }
                    { dataset = "ops.*", class = logs }
                    { of = packages, category = gdpr, class = gdpr }
                  ]
                  automatic = [logs]
                }
                lake.datasets."user_data.activity".archive.retention = sox
                """);

        RetentionConfig retention =
                LakeConfig.load(file, Map.of(), Map.of()).archive().retention();

        assertThat(retention.classes())
                .containsEntry("logs", new RetentionConfig.RetentionClass("logs", Optional.of(Period.ofDays(30))))
                .containsEntry("gdpr", new RetentionConfig.RetentionClass("gdpr", Optional.of(Period.ofYears(10))))
                .containsEntry("hipaa", new RetentionConfig.RetentionClass("hipaa", Optional.of(Period.ofYears(6))))
                .containsEntry("keep", new RetentionConfig.RetentionClass("keep", Optional.empty()));
        assertThat(retention.rules())
                .extracting(RetentionConfig.Rule::retentionClass)
                .containsExactly("keep", "logs", "gdpr");
        assertThat(retention.automatic()).containsExactly("logs");
        assertThat(retention.overrides()).containsExactly(Map.entry(ACTIVITY, "sox"));
        assertThat(LakeConfig.load(null, Map.of(), Map.of())
                        .archive()
                        .retention()
                        .rules())
                .as("what a fresh lake lets expire")
                .isEmpty();
    }

    @Test
    void mistakesOfRetentionAreToldTogether() throws IOException {
        Path file = write("""
                lake.archive.retention {
                  classes { logs = 30 h, Gdpr = 7 y }
                  automatic = [nonsense]
                }
                lake.datasets."user_data.activity".archive.retain = sox
                """);

        assertThatThrownBy(() -> LakeConfig.load(file, Map.of(), Map.of()))
                .hasMessageContaining("has 3 mistakes")
                .hasMessageContaining("classes.logs = 30 h (" + file
                        + ": 2) needs a time with its unit, as 365 d, 18 mo or 7 y, or never")
                .hasMessageContaining("classes.\"Gdpr\"")
                .hasMessageContaining("archive.retain (" + file + ": 5) is not a key");
        for (String rules : List.of(
                "{ class = gdpr }",
                "{ category = gdpr }",
                "{ of = files, category = gdpr, class = gdpr }",
                "{ of = packages, dataset = \"ops.*\", partition = \"month=*\", class = gdpr }",
                "{ category = gdpr, class = unheard-of }")) {
            Path other = write("lake.archive.retention.rules = [" + rules + "]");
            assertThatThrownBy(() -> LakeConfig.load(other, Map.of(), Map.of()))
                    .as(rules)
                    .hasMessageContaining("lake.archive.retention.rules");
        }
    }

    @Test
    void collectionsOfVectorsComeWithTheLake() {
        VectorsConfig vectors = LakeConfig.load(null, Map.of(), Map.of()).vectors();

        assertThat(vectors.model()).isEqualTo("all-minilm-l6-v2-q");
        assertThat(vectors.batch()).isEqualTo(32);
        assertThat(vectors.collections().keySet())
                .containsExactly("activity", "alerts_prod", "contexts_cache", "messages", "patterns_hist");
        assertThat(vectors.find("activity"))
                .hasValue(new CollectionConfig(
                        "activity",
                        true,
                        ACTIVITY,
                        "id",
                        List.of(List.of("kind", "title")),
                        Optional.empty(),
                        Optional.of("event_time"),
                        List.of("product", "kind"),
                        new IndexSettings(
                                VectorMetric.COSINE,
                                IndexSettings.IndexType.HNSW,
                                new IndexSettings.Hnsw(16, 200, 100),
                                new IndexSettings.Ivf(1000, 32),
                                IndexSettings.Quantization.NONE),
                        Optional.empty(),
                        Optional.of(0.3),
                        0.95,
                        250_000));
        assertThat(vectors.find("alerts_prod").orElseThrow().keep()).hasValue(Period.ofDays(7));
        assertThat(vectors.find("alerts_prod").orElseThrow().text()).hasSize(2);
        assertThat(vectors.find("contexts_cache").orElseThrow().keep()).hasValue(Period.ofDays(30));
        assertThat(vectors.find("nothing")).isEmpty();
    }

    @Test
    void aCollectionSaysWhatIsDifferentInIt() throws IOException {
        Path file = write("""
                lake.vectors {
                  collection { metric = dot, hnsw.m = 32 }
                  collections.photos {
                    source = "shop.photos", id = sku, vector = embedding, time = "", filters = "colour, size"
                    metric = euclidean, index = ivf, ivf.lists = 100, quantization = pq, keep = 18 mo, recall = 0.9
                  }
                  collections.activity { enabled = false, text = [title, url] }
                }
                """);

        VectorsConfig vectors = LakeConfig.load(file, Map.of(), Map.of()).vectors();

        assertThat(vectors.find("photos"))
                .hasValue(new CollectionConfig(
                        "photos",
                        true,
                        DatasetName.parse("shop.photos"),
                        "sku",
                        List.of(),
                        Optional.of("embedding"),
                        Optional.empty(),
                        List.of("colour", "size"),
                        new IndexSettings(
                                VectorMetric.EUCLIDEAN,
                                IndexSettings.IndexType.IVF,
                                new IndexSettings.Hnsw(32, 200, 100),
                                new IndexSettings.Ivf(100, 32),
                                IndexSettings.Quantization.PQ),
                        Optional.of(Period.ofMonths(18)),
                        Optional.empty(),
                        0.9,
                        250_000));
        CollectionConfig activity = vectors.find("activity").orElseThrow();
        assertThat(activity.enabled()).isFalse();
        assertThat(activity.index().metric()).isEqualTo(VectorMetric.DOT);
        assertThat(activity.text()).as("one list is one text").containsExactly(List.of("title", "url"));
        assertThat(activity.filters()).as("what it does not say").containsExactly("product", "kind");
    }

    @Test
    void mistakesAboutCollectionsAreToldTogether() throws IOException {
        Path file = write("""
                lake.vectors {
                  batch = 0
                  collections {
                    Photos { source = "shop.photos", vector = embedding }
                    builds { source = "shop.photos", vector = embedding }
                    none { source = "shop.photos" }
                    both { source = "shop.photos", vector = embedding, text = [[title]] }
                    hollow { source = "shop.photos", text = [[title], []] }
                    deep { source = "shop.photos", text = [[[title]]] }
                    nowhere { text = [[title]] }
                    foreign { source = photos, text = [[title]] }
                    odd {
                      source = "shop.photos", text = [[title]], metric = manhattan, index = tree, quantization = 8
                      keep = 7, score-threshold = high, recall = 95, shard-rows = 10, hnsw.m = 1, ivf.probes = 0
                      filter = [colour]
                    }
                  }
                }
                """);

        LakeException mistakes =
                catchThrowableOfType(LakeException.class, () -> LakeConfig.load(file, Map.of(), Map.of()));

        assertThat(mistakes.reason()
                        .replace(file.toString(), "FILE")
                        .lines()
                        .skip(1)
                        .map(line -> line.strip().replaceFirst("lake\\.vectors\\.", "")))
                .containsExactly(
                        "batch = 0 (FILE: 2) needs a whole number from 1 to 4096",
                        "collections.Photos = a group of keys (FILE: 4) needs a name of lower-case letters, digits and underscores, other than builds, neighbours, clusters, outliers",
                        "collections.both.text = a list (FILE: 7) needs columns that are texts, as [[\"subject\", \"text\"]], or else vector the column that has vectors",
                        "collections.builds = a group of keys (FILE: 5) needs a name of lower-case letters, digits and underscores, other than builds, neighbours, clusters, outliers",
                        "collections.deep.text = a list (FILE: 9) needs a list of lists of texts",
                        "collections.foreign.source = photos (FILE: 11) needs a table, as user_data.activity",
                        "collections.hollow.text = a list (FILE: 8) needs groups of columns that are not empty",
                        "collections.none.text = a list (default) needs columns that are texts, as [[\"subject\", \"text\"]], or else vector the column that has vectors",
                        "collections.nowhere.source = \"\" (default) needs a text that is not empty",
                        "collections.odd.filter (FILE: 15) is not a key; did you mean lake.vectors.collection.filters?",
                        "collections.odd.hnsw.m = 1 (FILE: 14) needs a whole number from 2 to 100",
                        "collections.odd.index = tree (FILE: 13) needs one of hnsw, ivf, flat",
                        "collections.odd.ivf.probes = 0 (FILE: 14) needs a whole number from 1 to 32768",
                        "collections.odd.keep = 7 (FILE: 14) needs a time with its unit, as 365 d, 18 mo or 7 y, or never",
                        "collections.odd.metric = manhattan (FILE: 13) needs one of cosine, euclidean, dot",
                        "collections.odd.quantization = 8 (FILE: 13) needs one of none, pq",
                        "collections.odd.recall = 95 (FILE: 14) needs a number from 0 to 1",
                        "collections.odd.score-threshold = high (FILE: 14) needs a number, or none",
                        "collections.odd.shard-rows = 10 (FILE: 14) needs a whole number from 1000 to 10000000");
    }

    @Test
    void allMistakesAreToldTogetherEachWithTheAllowedForm() throws IOException {
        Path file = write("""
                lake {
                  ingest.split-size = 64
                  ingest.max-depth = deep
                  ingest.splitsize = 1 MiB
                  postgres.url = "mysql://host"
                  postgres.password = hunter2
                  tiering.hot.enter-above = often
                  tiering.hot.leave-below = 1/d
                  tiering.cold.enter-below = 2/d
                  tiering.hot.window = 24
                  tiering.policy = ages
                  spark.settings { spark.ui.enabled = true }
                  datasets."Activity".tiering.minimum-size = 2 MiB
                  datasets."user_data.activity".tiering.budget.hot = 1 GiB
                  datasets."user_data.activity".tiering.minimum-size = tiny
                  audit = 5
                }
                lkae.home = x
                """);

        LakeException mistakes = catchThrowableOfType(
                LakeException.class,
                () -> LakeConfig.load(
                        file, Map.of("LAKE_INGEST_SPLIT_SIZES", "1 MiB", "LAKE_SERVICE_HOST", "x"), Map.of()));

        assertThat(mistakes.kind()).isEqualTo(LakeException.Kind.USAGE);
        assertThat(mistakes.problem()).isEqualTo("the configuration has 16 mistakes");
        assertThat(mistakes.reason()
                        .replace(file.toString(), "FILE")
                        .lines()
                        .skip(1)
                        .map(String::strip))
                .containsExactly(
                        "LAKE_INGEST_SPLIT_SIZES (environment) is not a key; did you mean LAKE_INGEST_SPLIT_SIZE?",
                        "lake.audit (FILE: 16) is not a key",
                        "lake.datasets.\"Activity\" is not a dataset's name: write it like user_data.activity; `lake tables` lists the datasets",
                        "lake.datasets.\"user_data.activity\".tiering.budget.hot (FILE: 14) is a budget of the whole lake: set lake.tiering.budget.hot",
                        "lake.datasets.\"user_data.activity\".tiering.minimum-size = tiny (FILE: 15) needs a size with its unit, as 64 MiB or 64 MB, at least 0 B",
                        "lake.ingest.max-depth = deep (FILE: 3) needs a whole number from 1 to 1000",
                        "lake.ingest.split-size = 64 (FILE: 2) needs a size with its unit, as 64 MiB or 64 MB, from 1048576 B to 1099511627776 B",
                        "lake.ingest.splitsize (FILE: 4) is not a key; did you mean lake.ingest.split-size?",
                        "lake.postgres.password (FILE: 6) is a secret: set LAKE_POSTGRES_PASSWORD, or name a file that holds it with lake.postgres.password-file",
                        "lake.postgres.url = mysql://host (FILE: 5) needs a PostgreSQL JDBC URL, as jdbc:postgresql://host:5432/lake",
                        "lake.spark.settings.spark.ui.enabled (FILE: 12) needs the Spark setting's name in quotes",
                        "lake.tiering.cold.enter-below = 2/d (FILE: 9) needs a rate below leave-above (1/d), or partitions flap",
                        "lake.tiering.hot.enter-above = often (FILE: 7) needs accesses per hour, day or week, as 10/h, 1/d or 0.5/w",
                        "lake.tiering.hot.window = 24 (FILE: 10) needs whole hours or days, as 24 h or 90 d",
                        "lake.tiering.policy = ages (FILE: 11) needs one of threshold, age, cost",
                        "lkae.home (FILE: 18) is not a key; did you mean lake.home?");
        assertThat(mistakes.getMessage()).doesNotContain("hunter2");
    }

    @Test
    void aFileThatIsNotThereOrNotHoconIsSaidSo() throws IOException {
        Path broken = write("lake {\n  home = \n}}\n");

        assertThat(catchThrowableOfType(
                                LakeException.class,
                                () -> LakeConfig.load(folder.resolve("none.conf"), Map.of(), Map.of()))
                        .problem())
                .isEqualTo("the configuration file " + folder.resolve("none.conf") + " cannot be read");
        LakeException syntax =
                catchThrowableOfType(LakeException.class, () -> LakeConfig.load(broken, Map.of(), Map.of()));
        assertThat(syntax.problem()).isEqualTo("the configuration file " + broken + " is not HOCON");
        assertThat(syntax.reason()).contains(broken + ": 3");
    }

    @Test
    void secretsComeFromTheEnvironmentOrAFileAndAreNeverPrinted() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), "from-a-file\n");
        Path file = write("lake.postgres.password-file = \"" + password + "\"\n"
                + "lake.spark.settings { \"spark.hadoop.fs.s3a.secret.key\" = swordfish, \"spark.ui.port\" = 4041 }\n");

        LakeConfig fromFile = LakeConfig.load(file, Map.of(), Map.of());
        LakeConfig fromEnvironment = LakeConfig.load(
                file,
                Map.of(
                        "LAKE_POSTGRES_PASSWORD", "from-environment",
                        "LAKE_STORAGE_S3_ACCESS_KEY", "key-one",
                        "LAKE_STORAGE_S3_SECRET_KEY", "key-two"),
                Map.of());

        assertThat(fromFile.postgres().password().orElseThrow().reveal()).isEqualTo("from-a-file");
        assertThat(fromEnvironment.postgres().password().orElseThrow().reveal()).isEqualTo("from-environment");
        assertThat(fromEnvironment.storage().s3().secretKey().orElseThrow().reveal())
                .isEqualTo("key-two");
        assertThat(fromEnvironment.spark().settings())
                .containsEntry("spark.hadoop.fs.s3a.secret.key", "swordfish")
                .containsEntry("spark.ui.port", "4041");
        assertThat(fromEnvironment.toString() + fromFile)
                .contains("(hidden)", "4041")
                .doesNotContain("from-a-file", "from-environment", "key-one", "key-two", "swordfish");
    }

    @Test
    void aSecretThatIsHalfThereIsAMistake() {
        LakeException mistake = catchThrowableOfType(
                LakeException.class,
                () -> LakeConfig.load(
                        null,
                        Map.of("LAKE_STORAGE_S3_ACCESS_KEY", "key-one", "LAKE_POSTGRES_PASSWORD_FILE", "/nowhere"),
                        Map.of()));

        assertThat(mistake.reason().lines().skip(1).map(String::strip))
                .containsExactly(
                        "lake.postgres.password-file = /nowhere (LAKE_POSTGRES_PASSWORD_FILE) cannot be read: needs a readable UTF-8 file",
                        "lake.storage.s3.access-key-file = \"\" (default) needs the access key and the secret key together, or neither");
    }

    @Test
    void whatIsSentAlongWithATraceIsReadAsOpenTelemetryWritesIt() {
        LakeConfig config = LakeConfig.load(
                null,
                Map.of(
                        "LAKE_TELEMETRY_ENDPOINT", "https://collector:4318",
                        "LAKE_TELEMETRY_HEADERS", "Authorization=Basic%20YW5uOnN+3D+=, x-tenant = lake"),
                Map.of());

        assertThat(config.telemetry().headersByName())
                .containsExactly(Map.entry("Authorization", "Basic YW5uOnN+3D+="), Map.entry("x-tenant", "lake"));
        assertThat(config.toString()).doesNotContain("YW5u");
    }

    @Test
    void addressesThatCannotBeSpokenToAndHeadersThatAreNoneAreMistakes() {
        LakeException mistake = catchThrowableOfType(
                LakeException.class,
                () -> LakeConfig.load(
                        null,
                        Map.of(
                                "LAKE_LINEAGE_URL", "marquez:5000",
                                "LAKE_TELEMETRY_ENDPOINT", "https://ann:hunter2@collector",
                                "LAKE_TELEMETRY_HEADERS", "hunter3"),
                        Map.of()));

        assertThat(mistake.reason().lines().skip(1).map(String::strip))
                .containsExactly(
                        "lake.lineage.url = marquez:5000 (LAKE_LINEAGE_URL) needs an address as https://host:port, without user and password",
                        "lake.telemetry.endpoint = (hidden) needs an address as https://host:port, without user and password",
                        "lake.telemetry.headers-file = \"\" (default) needs headers as name=value with commas between, each value percent-encoded");
    }

    @Test
    void anAirflowNeedsSomebodyWhoLogsInOrAToken() {
        LakeException mistake = catchThrowableOfType(
                LakeException.class,
                () -> LakeConfig.load(
                        null, Map.of("LAKE_AIRFLOW_USER", "ann", "LAKE_AIRFLOW_EVENTS", "true"), Map.of()));

        assertThat(mistake.reason().lines().skip(1).map(String::strip))
                .containsExactly(
                        "lake.airflow.events = true (LAKE_AIRFLOW_EVENTS) needs lake.airflow.url",
                        "lake.airflow.user = ann (LAKE_AIRFLOW_USER) needs a password: set LAKE_AIRFLOW_PASSWORD, or name a file with lake.airflow.password-file");
        assertThat(catchThrowableOfType(
                                LakeException.class,
                                () -> LakeConfig.load(
                                        null, Map.of("LAKE_AIRFLOW_URL", "http://localhost:8080"), Map.of()))
                        .reason())
                .contains(
                        "lake.airflow.url = http://localhost:8080 (LAKE_AIRFLOW_URL) needs lake.airflow.user, or a token");
        assertThat(LakeConfig.load(
                                null,
                                Map.of("LAKE_AIRFLOW_URL", "http://localhost:8080", "LAKE_AIRFLOW_TOKEN", "hunter2"),
                                Map.of())
                        .toString())
                .contains("http://localhost:8080")
                .doesNotContain("hunter2");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("lake.conf"), text);
    }
}
