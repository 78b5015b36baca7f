package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.delta.DeltaChecksum;
import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.Field;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HotStoreTest {
    private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
    private static final Duration GRACE = Duration.ofDays(7);
    private static final PartitionName JANUARY =
            PartitionName.of(new DatasetName("user_data", "activity"), "month", "2026-01");
    private static final TableDefinition ACTIVITY = table(
            "activity",
            required("id", Primitive.STRING),
            required("user_id", Primitive.STRING),
            optional("event_time", Primitive.TIMESTAMP),
            optional("title", Primitive.STRING),
            required("month", Primitive.STRING));

    private SparkSession spark;
    private PostgresConnection database;
    private HotStore store;

    @BeforeEach
    void open() {
        spark = SharedSpark.session();
        database = SharedPostgres.emptyDatabase();
        store = HotStore.open(database, 1);
    }

    @Test
    void aMonthIsInvisibleUntilItIsServedAndThenWhole() throws SQLException {
        HotLoad load = load(store, 7, events(1000));
        assertThat(rows("SELECT count(*) FROM user_data.activity")).containsExactly("0");
        assertThat(state()).isEqualTo(Served.State.LOADING);
        assertThat(store.verify(load).matches()).isTrue();
        assertThat(rows("SELECT count(*) FROM user_data.activity")).containsExactly("0");

        store.serve(load, NOW);

        assertThat(rows("SELECT count(*), min(title), max(id) FROM user_data.activity WHERE month = '2026-01'"))
                .containsExactly("1000|title 0|id-000999");
        assertThat(store.served())
                .containsExactly(Map.entry(
                        JANUARY,
                        new Served(
                                JANUARY, 7, files(7).fileSetHash(), 1, Served.State.SERVING, load.bytes(), 1000, NOW)));
        assertThat(load.bytes()).isGreaterThan(50_000);
    }

    @Test
    void theChecksumIsTheOneThatDeltaHas() {
        HotLoad load = load(store, 1, events(500));
        assertThat(load.expected()).isEqualTo(DeltaChecksum.of(events(500)));
        assertThat(store.verify(load).found()).isEqualTo(load.expected());
    }

    @Test
    void aCopyThatWasNotReadBackCannotBeServed() throws SQLException {
        HotLoad load = load(store, 1, events(10));
        assertThatThrownBy(() -> store.serve(load, NOW)).hasMessageContaining("not read back");
        assertThat(rows("SELECT count(*) FROM user_data.activity")).containsExactly("0");
    }

    @Test
    void aCopyThatDiffersInOneCharacterIsFoundAndNotServed() throws SQLException {
        HotLoad load = load(store, 1, events(3000));
        asOwner("UPDATE " + HotTable.leaf(load.leaf()) + " SET title = 'Title 2999' WHERE id = 'id-002999'");
        assertThat(store.verify(load).matches()).isFalse();
        assertThatThrownBy(() -> store.serve(load, NOW)).isInstanceOf(LakeException.class);
    }

    @Test
    void aCopyInWhichTwoRowsHaveSwappedAValueIsFound() throws SQLException {
        HotLoad load = load(store, 1, events(100));
        asOwner("UPDATE " + HotTable.leaf(load.leaf())
                + " SET title = CASE title WHEN 'title 1' THEN 'title 2' ELSE 'title 1' END"
                + " WHERE title IN ('title 1', 'title 2')");
        assertThat(store.verify(load).matches()).isFalse();
    }

    @Test
    void aCopyThatLacksARowIsFound() throws SQLException {
        HotLoad load = load(store, 1, events(100));
        asOwner("DELETE FROM " + HotTable.leaf(load.leaf()) + " WHERE id = 'id-000042'");
        assertThat(store.verify(load).found().rows()).isEqualTo(99);
    }

    @Test
    void everyTypeComesBackExactlyWithItsLimitsAndNulls() throws SQLException {
        StructOf attachment = new StructOf(List.of(
                new Field("name", Primitive.STRING),
                new Field("bytes", Primitive.LONG),
                new Field("share", Primitive.DOUBLE),
                new Field("content", Primitive.BINARY),
                new Field("at", Primitive.TIMESTAMP),
                new Field("on", Primitive.DATE),
                new Field("tags", new ArrayOf(Primitive.STRING))));
        TableDefinition everything = table(
                "everything",
                required("id", Primitive.STRING),
                optional("text", Primitive.STRING),
                optional("binary", Primitive.BINARY),
                optional("flag", Primitive.BOOLEAN),
                optional("small", Primitive.INT),
                optional("large", Primitive.LONG),
                optional("real", Primitive.DOUBLE),
                optional("at", Primitive.TIMESTAMP),
                optional("on", Primitive.DATE),
                optional("texts", new ArrayOf(Primitive.STRING)),
                optional("instants", new ArrayOf(Primitive.TIMESTAMP)),
                optional("reals", new ArrayOf(Primitive.DOUBLE)),
                optional("attachments", new ArrayOf(attachment)),
                optional("matrix", new ArrayOf(new ArrayOf(Primitive.INT))),
                required("month", Primitive.STRING));
        Instant first = Instant.parse("-4713-11-24T00:00:00Z");
        Instant last = Instant.parse("+294247-01-10T04:00:54.775807Z");
        List<Row> rows = List.of(
                RowFactory.create(
                        "nulls", null, null, null, null, null, null, null, null, null, null, null, null, null,
                        "2026-01"),
                RowFactory.create(
                        "empty",
                        "",
                        new byte[0],
                        false,
                        0,
                        0L,
                        0.0,
                        Instant.EPOCH,
                        LocalDate.EPOCH,
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(List.of()),
                        "2026-01"),
                RowFactory.create(
                        "largest",
                        "\u0001\t\n\\N \"quoted\" 🦆 \uffff ü",
                        new byte[] {0, -1, 127, -128},
                        true,
                        Integer.MAX_VALUE,
                        Long.MAX_VALUE,
                        Double.MAX_VALUE,
                        last,
                        LocalDate.of(5_874_897, 12, 31),
                        Arrays.asList("a", "", "NULL", "{,}", "🦆"),
                        List.of(first, last, Instant.parse("2026-01-31T23:59:59.999999Z")),
                        List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, -0.0, Double.MIN_VALUE),
                        List.of(
                                RowFactory.create(
                                        "n\"\u0001🦆",
                                        Long.MAX_VALUE,
                                        1.0E308,
                                        new byte[] {0, 1, 2},
                                        last,
                                        LocalDate.of(9999, 12, 31),
                                        List.of("x")),
                                RowFactory.create(null, null, null, null, null, null, null),
                                RowFactory.create("", Long.MIN_VALUE, Double.NaN, new byte[0], first, null, List.of()),
                                RowFactory.create("z", 0L, -0.0, null, null, null, null),
                                RowFactory.create("z", 0L, Double.MIN_VALUE, null, null, null, null),
                                RowFactory.create("z", 0L, 1.2345678901234567E18, null, null, null, null),
                                RowFactory.create("z", 0L, Double.NEGATIVE_INFINITY, null, null, null, null)),
                        List.of(List.of(1, -1), List.of()),
                        "2026-01"),
                RowFactory.create(
                        "smallest",
                        "x".repeat(3_000_000),
                        new byte[200_000],
                        true,
                        Integer.MIN_VALUE,
                        Long.MIN_VALUE,
                        Double.NaN,
                        first,
                        LocalDate.of(-4713, 11, 24),
                        List.of("y".repeat(100_000)),
                        List.of(Instant.parse("1969-12-31T23:59:59.999999Z")),
                        List.of(0.1, -1.5e-300),
                        List.of(),
                        List.of(),
                        "2026-01"),
                RowFactory.create(
                        "negative zero",
                        "-0",
                        null,
                        null,
                        null,
                        null,
                        -0.0,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        null,
                        "2026-01"));
        Dataset<Row> data = spark.createDataFrame(rows, DeltaSchemas.structType(everything));
        PartitionFiles files = files("everything", 1, rows.size());

        HotLoad load = store.load(spark, everything, files, data);

        assertThat(load.expected()).isEqualTo(DeltaChecksum.of(data));
        assertThat(store.verify(load).found()).isEqualTo(load.expected());
        store.serve(load, NOW);
        assertThat(rows("SELECT id, real, at AT TIME ZONE 'UTC', \"on\", texts, reals FROM user_data.everything"
                        + " WHERE id = 'largest'"))
                .containsExactly("largest|1.7976931348623157e+308|294247-01-10 04:00:54.775807|5874897-12-31"
                        + "|{a,\"\",\"NULL\",\"{,}\",🦆}|{NaN,Infinity,-Infinity,-0,5e-324}");
        assertThat(rows(
                        "SELECT attachments -> 0 ->> 'bytes', attachments -> 0 ->> 'at', jsonb_array_length(attachments)"
                                + " FROM user_data.everything WHERE id = 'largest'"))
                .containsExactly("9223372036854775807|+294247-01-10T04:00:54.775807Z|7");
    }

    @Test
    void aNulCharacterIsRefusedWithItsColumnAndNothingIsLeft() throws SQLException {
        List<Row> rows = List.of(
                RowFactory.create("id-1", "user", NOW, "fine", "2026-01"),
                RowFactory.create("id-2", "user", NOW, "secret\0words", "2026-01"));
        Dataset<Row> data = spark.createDataFrame(rows, DeltaSchemas.structType(ACTIVITY));
        assertThatThrownBy(() -> store.load(spark, ACTIVITY, files("activity", 1, 2), data))
                .isInstanceOfSatisfying(LakeException.class, e -> assertThat(e.reason())
                        .isEqualTo("column title has a text with the character NUL, which PostgreSQL cannot hold"))
                .hasMessageNotContaining("secret");
        assertThat(RefusedPartitions.read(database, Duration.ofSeconds(5)))
                .containsExactly(Map.entry(
                        JANUARY,
                        new RefusedPartitions.Refusal(
                                files("activity", 1, 2).fileSetHash(),
                                "column title has a text with the character NUL, which PostgreSQL cannot hold")));
        assertThat(store.served()).isEmpty();
        assertThat(leaves()).isEmpty();
    }

    @Test
    void aRefusalIsForgottenOnceOtherFilesOfThePartitionAreServed() {
        Dataset<Row> nul = spark.createDataFrame(
                List.of(RowFactory.create("id-1", "user", NOW, "\0", "2026-01")), DeltaSchemas.structType(ACTIVITY));
        assertThatThrownBy(() -> store.load(spark, ACTIVITY, files(1), nul)).isInstanceOf(LakeException.class);
        serve(2, 3);
        assertThat(RefusedPartitions.read(database, Duration.ofSeconds(5))).isEmpty();
    }

    @Test
    void anInstantBeforePostgresBeginsIsRefused() {
        List<Row> rows =
                List.of(RowFactory.create("id-1", "user", Instant.parse("-4713-11-23T23:59:59Z"), "old", "2026-01"));
        Dataset<Row> data = spark.createDataFrame(rows, DeltaSchemas.structType(ACTIVITY));
        assertThatThrownBy(() -> store.load(spark, ACTIVITY, files("activity", 1, 1), data))
                .hasMessageContaining("column event_time has a time before 4713 BC");
    }

    @Test
    void rowsOfAnotherMonthAreRefused() throws SQLException {
        Dataset<Row> data = spark.createDataFrame(
                List.of(RowFactory.create("id-1", "user", NOW, "stray", "2026-02")), DeltaSchemas.structType(ACTIVITY));
        assertThatThrownBy(() -> store.load(spark, ACTIVITY, files("activity", 1, 1), data))
                .hasMessageContaining("check constraint");
        assertThat(leaves()).isEmpty();
    }

    @Test
    void fewerRowsThanTheLogCountsAreRefused() throws SQLException {
        assertThatThrownBy(() -> store.load(spark, ACTIVITY, files("activity", 1, 11), events(10)))
                .hasMessageContaining("10 rows were read, and the Delta log counts 11");
        assertThat(leaves()).isEmpty();
    }

    @Test
    void twoRowsWithOneIdAreRefused() throws SQLException {
        Dataset<Row> twice = events(5).union(events(5));
        assertThatThrownBy(() -> store.load(spark, ACTIVITY, files("activity", 1, 10), twice))
                .hasMessageContaining("two of its rows have the same id");
        assertThat(leaves()).isEmpty();
    }

    @Test
    void aTableWhoseColumnsAreNotTheDefinitionsIsRefused() {
        Dataset<Row> other = events(1)
                .withColumn("mood", org.apache.spark.sql.functions.lit(1))
                .drop("title");
        assertThatThrownBy(() -> store.load(spark, ACTIVITY, files("activity", 1, 1), other))
                .hasMessageContaining("column title is missing")
                .hasMessageContaining("column mood is not the lake's");
    }

    @Test
    void aTaskThatRunsAgainAfterItsCommitLoadsItsRowsOnce() throws Exception {
        String leaf = emptyLeaf();
        LoadTask task = new LoadTask(
                database, new HotTable(ACTIVITY).copyTable(leaf), events(20).schema());
        assertThat(task.call(0, internalRows(20))).isExhausted();
        assertThat(task.call(0, internalRows(20))).isExhausted();
        assertThat(rows("SELECT count(*) FROM lake_hot.\"" + leaf + "\"")).containsExactly("20");
        assertThat(rows("SELECT rows FROM lake.load_parts WHERE leaf = '" + leaf + "'"))
                .containsExactly("20");
    }

    @Test
    void twoAttemptsAtTheSameTimeLoadTheirRowsOnce() throws Exception {
        String leaf = emptyLeaf();
        LoadTask task = new LoadTask(
                database, new HotTable(ACTIVITY).copyTable(leaf), events(1).schema());
        List<InternalRow> rows = internalRowList(5000);
        List<CompletableFuture<Boolean>> attempts = IntStream.range(0, 3)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                    try {
                        return task.call(0, rows.iterator()).hasNext();
                    } catch (SQLException e) {
                        throw new IllegalStateException(e);
                    }
                }))
                .toList();
        assertThat(attempts.stream().map(CompletableFuture::join)).containsOnly(false);
        assertThat(rows("SELECT count(*) FROM lake_hot.\"" + leaf + "\"")).containsExactly("5000");
    }

    @Test
    void aTaskThatFailedBeforeItsCommitLeavesNothingAndItsSecondAttemptLoads() throws Exception {
        String leaf = emptyLeaf();
        LoadTask task = new LoadTask(
                database, new HotTable(ACTIVITY).copyTable(leaf), events(1).schema());
        var dying = Stream.concat(
                        internalRowList(4000).stream(),
                        Stream.of((InternalRow) null).peek(row -> {
                            throw new IllegalStateException("executor lost");
                        }))
                .iterator();
        assertThatThrownBy(() -> task.call(0, dying)).hasMessage("executor lost");
        assertThat(rows("SELECT count(*) FROM lake_hot.\"" + leaf + "\"")).containsExactly("0");
        assertThat(task.call(0, internalRows(30))).isExhausted();
        assertThat(rows("SELECT count(*) FROM lake_hot.\"" + leaf + "\"")).containsExactly("30");
    }

    @Test
    void aNewerCopyReplacesAnOlderOneAndNoReaderSeesAHalf() throws Exception {
        serve(1, 400);
        Set<String> seen = new TreeSet<>();
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Void> reader = CompletableFuture.runAsync(() -> {
            try (Connection connection = SharedPostgres.connect(database)) {
                while (!done.get()) {
                    seen.addAll(rows(connection, "SELECT count(*) FROM user_data.activity"));
                }
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
        for (int version = 2; version <= 6; version++) {
            serve(version, 400 + version);
        }
        done.set(true);
        reader.join();
        assertThat(seen).isSubsetOf("400", "402", "403", "404", "405", "406").hasSizeGreaterThan(1);
        assertThat(rows("SELECT count(*) FROM user_data.activity")).containsExactly("406");
        assertThat(store.served().get(JANUARY).deltaVersion()).isEqualTo(6);
        assertThat(store.reclaimable(NOW, Duration.ZERO)).hasSize(5);
    }

    @Test
    void aMonthTakenOutOfServiceIsKeptForTheGracePeriodAndThenDropped() throws SQLException {
        serve(1, 50);
        store.unserve(JANUARY, NOW);
        assertThat(rows("SELECT count(*) FROM user_data.activity")).containsExactly("0");
        assertThat(state()).isEqualTo(Served.State.RETIRED);

        assertThat(store.reclaim(NOW.plus(GRACE).minusSeconds(1), GRACE)).isEmpty();
        assertThat(leaves()).hasSize(1);
        assertThat(store.reclaim(NOW.plus(GRACE), GRACE))
                .singleElement()
                .satisfies(dropped -> assertThat(dropped.partition()).isEqualTo(JANUARY));

        assertThat(leaves()).isEmpty();
        assertThat(store.served()).isEmpty();
    }

    @Test
    void takingAMonthOutOfServiceTwiceIsTheSameAsOnce() {
        serve(1, 5);
        store.unserve(JANUARY, NOW);
        store.unserve(JANUARY, NOW.plusSeconds(60));
        assertThat(store.served().get(JANUARY).since()).isEqualTo(NOW);
    }

    @Test
    void anUnservingThatWasKilledHalfwayIsNotServedAndIsFinishedByTheNextRun() throws SQLException {
        serve(1, 5);
        asOwner("UPDATE lake.served SET state = 'RETIRED', retired_at = '2026-02-01T00:00:00Z'");
        assertThat(state()).isEqualTo(Served.State.RETIRED);
        HotStore next = HotStore.open(database, 2);
        next.reclaim(NOW.plus(GRACE), GRACE);
        assertThat(rows("SELECT count(*) FROM user_data.activity")).containsExactly("0");
        assertThat(leaves()).isEmpty();
    }

    @Test
    void anInterruptedConcurrentDetachIsFinished() throws SQLException {
        serve(1, 5);
        asOwner("UPDATE lake.served SET state = 'RETIRED', retired_at = '2026-02-01T00:00:00Z'");
        try (Connection reader = SharedPostgres.connect(database);
                Connection detacher = SharedPostgres.connect(database);
                Statement detach = detacher.createStatement()) {
            reader.setAutoCommit(false);
            rows(reader, "SELECT count(*) FROM user_data.activity");
            detach.execute("SET lock_timeout = '200ms'");
            assertThatThrownBy(() -> detach.execute("ALTER TABLE user_data.activity DETACH PARTITION lake_hot.\""
                            + leaves().get(0) + "\" CONCURRENTLY"))
                    .isInstanceOf(SQLException.class);
            assertThat(
                            rows(
                                    "SELECT inhdetachpending FROM pg_inherits WHERE inhparent = 'user_data.activity'::regclass"))
                    .containsExactly("t");
        }
        serve(2, 6);
        assertThat(rows("SELECT count(*) FROM user_data.activity")).containsExactly("6");
    }

    @Test
    void aRunThatDiedWhileLoadingIsClearedAndCannotServeAnyMore() throws SQLException {
        HotLoad dead = load(store, 1, events(10));
        store.verify(dead);

        HotStore next = HotStore.open(database, 2);
        HotLoad load = load(next, 1, events(10));

        assertThat(leaves()).containsExactly(load.leaf());
        assertThatThrownBy(() -> store.serve(dead, NOW))
                .hasMessageContaining("run 2 has begun since, and this is run 1");
        assertThatThrownBy(() -> HotStore.open(database, 1)).isInstanceOf(LakeException.class);
        next.verify(load);
        next.serve(load, NOW);
        assertThat(load.expected()).isEqualTo(dead.expected());
        assertThat(state()).isEqualTo(Served.State.SERVING);
    }

    @Test
    void applicationsReadAndAreToldWhyTheyCannotWrite() throws SQLException {
        serve(1, 5);
        String leaf = leaves().get(0);
        try (Connection owner = SharedPostgres.connect(database)) {
            for (String write : List.of(
                    "INSERT INTO user_data.activity (id, user_id, month) VALUES ('x', 'y', '2026-01')",
                    "UPDATE user_data.activity SET title = 'x'",
                    "DELETE FROM user_data.activity",
                    "TRUNCATE user_data.activity",
                    "DELETE FROM lake_hot.\"" + leaf + "\"")) {
                assertThatThrownBy(() -> rows(owner, write))
                        .as(write)
                        .hasMessageContaining("is read-only")
                        .hasMessageContaining("Write through an import");
            }
        }
        try (Connection application = SharedPostgres.connect(database);
                Statement statement = application.createStatement()) {
            statement.execute("SET ROLE lake_analyst");
            assertThat(rows(application, "SELECT count(*) FROM user_data.activity"))
                    .containsExactly("5");
            assertThat(rows(application, "SELECT state FROM lake.served")).containsExactly("SERVING");
            assertThatThrownBy(() -> statement.execute("DELETE FROM user_data.activity"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> statement.execute("UPDATE lake.served SET rows = 0"))
                    .hasMessageContaining("permission denied");
        }
    }

    @Test
    void aMonthIsAttachedWithoutReadingIt() throws SQLException {
        HotLoad load = load(store, 1, events(5));
        List<String> messages = new ArrayList<>();
        try (Connection connection = SharedPostgres.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("SET client_min_messages = debug1");
            statement.execute(new HotTable(ACTIVITY).attach(load.leaf(), JANUARY));
            for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
                messages.add(w.getMessage());
            }
        }
        assertThat(messages).anyMatch(message -> message.contains("implied by existing constraints"));
        assertThat(rows("SELECT indexdef FROM pg_indexes WHERE tablename = '" + load.leaf() + "' ORDER BY 1"))
                .hasSize(2)
                .anyMatch(index -> index.contains("(user_id, event_time DESC)"))
                .anyMatch(index -> index.contains("UNIQUE") && index.contains("(id, month)"));
    }

    @Test
    void aColumnOfANewerReleaseIsAddedAndAForeignTableIsRefused() throws SQLException {
        serve(1, 5);
        TableDefinition wider = table(
                "activity",
                Stream.concat(ACTIVITY.columns().stream(), Stream.of(optional("mood", Primitive.STRING)))
                        .toArray(Column[]::new));
        Dataset<Row> withMood = events(6).withColumn("mood", org.apache.spark.sql.functions.lit("merry"));
        HotLoad load = store.load(spark, wider, files("activity", 2, 6), withMood);
        store.verify(load);
        store.serve(load, NOW);
        assertThat(rows("SELECT DISTINCT mood FROM user_data.activity")).containsExactly("merry");

        asOwner("CREATE TABLE user_data.mine (id text)");
        TableDefinition mine = table("mine", required("id", Primitive.STRING), required("month", Primitive.STRING));
        Dataset<Row> data =
                spark.createDataFrame(List.of(RowFactory.create("id-1", "2026-01")), DeltaSchemas.structType(mine));
        assertThatThrownBy(() -> store.load(spark, mine, files("mine", 1, 1), data))
                .hasMessageContaining("it is not partitioned");
    }

    @Test
    void anEmptyDatabaseServesNothingAndAnUnreachableServerSaysSoAtOnce() {
        PostgresConnection empty = SharedPostgres.emptyDatabase();
        assertThat(ServedPartitions.read(empty, Duration.ofSeconds(5))).isEmpty();
        PostgresConnection nowhere = new PostgresConnection("jdbc:postgresql://127.0.0.1:1/lake", "lake", () -> "none");
        assertThatThrownBy(() -> ServedPartitions.read(nowhere, Duration.ofSeconds(1)))
                .isInstanceOf(HotStoreUnavailableException.class);
    }

    private void serve(long version, int rows) {
        HotLoad load = load(store, version, events(rows));
        assertThat(store.verify(load).matches()).isTrue();
        store.serve(load, NOW);
    }

    private HotLoad load(HotStore target, long version, Dataset<Row> rows) {
        return target.load(spark, ACTIVITY, files(version), rows);
    }

    private Dataset<Row> events(int count) {
        List<Row> rows = IntStream.range(0, count)
                .mapToObj(i -> RowFactory.create(
                        "id-%06d".formatted(i),
                        "user-" + i % 3,
                        i % 10 == 0
                                ? null
                                : Instant.parse("2026-01-15T12:00:00Z").plusMillis(i),
                        "title " + i,
                        "2026-01"))
                .toList();
        return spark.createDataFrame(rows, DeltaSchemas.structType(ACTIVITY)).repartition(3);
    }

    private List<InternalRow> internalRowList(int count) {
        return events(count)
                .queryExecution()
                .toRdd()
                .toJavaRDD()
                .map(InternalRow::copy)
                .collect();
    }

    private java.util.Iterator<InternalRow> internalRows(int count) {
        return internalRowList(count).iterator();
    }

    /** A leaf as it is before its tasks begin. */
    private String emptyLeaf() throws SQLException {
        load(store, 1, events(1));
        String leaf = "leaf_of_a_test";
        asOwner("INSERT INTO lake.served (leaf, dataset, partition, delta_version, file_set_hash, epoch, state)"
                + " VALUES ('" + leaf + "', 'user_data.activity', 'month=2026-01', 1, 'hash', 1, 'LOADING')");
        asOwner(new HotTable(ACTIVITY).createLeaf(leaf, JANUARY, 1).get(0));
        return leaf;
    }

    private Served.State state() {
        return store.served().get(JANUARY).state();
    }

    private List<String> leaves() throws SQLException {
        return rows("SELECT relname FROM pg_class WHERE relnamespace = 'lake_hot'::regnamespace AND relkind = 'r'");
    }

    private static PartitionFiles files(long version) {
        return files("activity", version, DataFile.ROWS_UNKNOWN);
    }

    private static PartitionFiles files(String name, long version, long rows) {
        return new PartitionFiles(
                PartitionName.of(new DatasetName("user_data", name), "month", "2026-01"),
                version,
                List.of(new DataFile("month=2026-01/" + version + ".parquet", 1, 0, rows, Map.of(), "")));
    }

    private static TableDefinition table(String name, Column... columns) {
        return new TableDefinition(
                new DatasetName("user_data", name),
                PartitionedBy.MONTH,
                List.of(columns),
                List.of(),
                true,
                "A table's comment");
    }

    private static Column required(String name, ColumnType type) {
        return new Column(name, type, false, false, false, "comment");
    }

    private static Column optional(String name, ColumnType type) {
        return new Column(name, type, true, false, false, "comment");
    }

    /** What only a superuser who means it can do. */
    private void asOwner(String sql) throws SQLException {
        try (Connection connection = SharedPostgres.connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute("SET session_replication_role = replica");
            statement.execute(sql);
        }
    }

    private List<String> rows(String sql) throws SQLException {
        try (Connection connection = SharedPostgres.connect(database)) {
            return rows(connection, sql);
        }
    }

    private static List<String> rows(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            int columns = result.getMetaData().getColumnCount();
            while (result.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= columns; i++) {
                    values.add(result.getString(i));
                }
                rows.add(values.stream().map(String::valueOf).collect(Collectors.joining("|")));
            }
            return rows;
        }
    }
}
