package io.datapunk.lake.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.storage.FolderTree;
import io.datapunk.testkit.SharedSpark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;
import scala.reflect.ClassTag$;

class AccessRecorderTest {
    private static final String JANUARY = "user_data.activity/month=2026-01";
    private static final String FEBRUARY = "user_data.activity/month=2026-02";
    private static final String ALL_MONTHS = "user_data.activity/*";

    @TempDir
    static Path folder;

    private static SparkSession session;
    private static Path home;

    @BeforeAll
    static void writeTables() {
        home = folder.resolve("home");
        session = SharedSpark.session(home);
        session.sql("""
                        select * from values
                          (1, 'a', '2026-01'), (2, 'b', '2026-02'), (3, 'c', '2026-03')
                          as t(id, title, month)""").write().format("delta").partitionBy("month").save(table("user_data", "activity"));
        session.sql("select * from values (1, 10), (2, 20) as t(id, score)")
                .write()
                .format("delta")
                .save(table("lake", "users"));
    }

    @BeforeEach
    void forgetEarlierAccesses() throws Exception {
        recorded();
        session.catalog().clearCache();
    }

    @Test
    void aQueryCountsThePartitionsThatItsFilterLeaves() throws Exception {
        session.sql("select title from user_data.activity where month = '2026-01'")
                .collectAsList();
        assertThat(partitions(recorded())).containsExactly(JANUARY);
    }

    @Test
    void aRangeOfMonthsIsEachOfThem() throws Exception {
        session.sql("select title from user_data.activity where month < '2026-03'")
                .collectAsList();
        assertThat(partitions(recorded())).containsExactly(JANUARY, FEBRUARY);
    }

    @Test
    void aScanOfAWholeTableIsOneSymbolicLine() throws Exception {
        session.sql("select title from user_data.activity").collectAsList();
        assertThat(partitions(recorded())).containsExactly(ALL_MONTHS);
    }

    @Test
    void aTableWithoutPartitionsIsNamedAsItself() throws Exception {
        session.sql("select score from lake.users where id = 1").collectAsList();
        assertThat(partitions(recorded())).containsExactly("lake.users");
    }

    @Test
    void theColumnsThatRowsWereFilteredByStandWithThePartition() throws Exception {
        session.sql(
                        "select id from user_data.activity where month = '2026-01' and lower(title) = 'a' and id is not null")
                .collectAsList();
        assertThat(recorded())
                .singleElement()
                .satisfies(line -> assertThat(line.get("filters").toString()).isEqualTo("[\"month\",\"title\"]"));
        session.sql("select id from user_data.activity where id is not null").collectAsList();
        assertThat(recorded())
                .isNotEmpty()
                .noneSatisfy(line -> assertThat(line.fieldNames()).toIterable().contains("filters"));
    }

    @Test
    void aDataFrameThatReadsByPathCounts() throws Exception {
        session.read()
                .format("delta")
                .load(table("user_data", "activity"))
                .where("month = '2026-02'")
                .select("id")
                .collectAsList();
        assertThat(partitions(recorded())).containsExactly(FEBRUARY);
    }

    @Test
    void bothSidesOfAJoinCount() throws Exception {
        session.sql("""
                select a.title, u.score from user_data.activity a join lake.users u on a.id = u.id
                where a.month = '2026-01'""").collectAsList();
        assertThat(partitions(recorded())).containsExactly("lake.users", JANUARY);
    }

    @Test
    void aJoinThatPrunesWhileItRunsCountsWhatItLeft() throws Exception {
        session.sql("select * from values ('2026-01', 'winter'), ('2026-02', 'winter'), ('2026-03', 'spring') as"
                        + " t(month, season)")
                .write()
                .format("delta")
                .mode("overwrite")
                .save(table("lake", "seasons"));
        String join = "select a.title from user_data.activity a join lake.seasons s on a.month = s.month"
                + " where s.season = 'spring'";
        for (boolean adaptive : new boolean[] {true, false}) {
            session.conf().set("spark.sql.adaptive.enabled", adaptive);
            try {
                recorded();
                Dataset<Row> spring = session.sql(join);
                assertThat(spring.collectAsList()).hasSize(1);
                assertThat(spring.queryExecution().executedPlan().toString()).contains("dynamicpruning");
                assertThat(partitions(recorded()))
                        .as("adaptive: " + adaptive)
                        .containsExactly("lake.seasons", "user_data.activity/month=2026-03");
            } finally {
                session.conf().unset("spark.sql.adaptive.enabled");
            }
        }
    }

    @Test
    void aPrunedJoinThatLeavesNothingTouchesNothing() throws Exception {
        session.sql("select * from values ('2031-01', 'winter') as t(month, season)")
                .write()
                .format("delta")
                .mode("overwrite")
                .save(table("lake", "seasons"));
        session.sql("select a.title from user_data.activity a join lake.seasons s on a.month = s.month"
                        + " where s.season = 'winter'")
                .collectAsList();
        assertThat(partitions(recorded())).containsExactly("lake.seasons");
    }

    @Test
    void anAdaptivePlanWithAShuffleCountsWhatItScans() throws Exception {
        session.sql(
                        "select month, count(distinct title) from user_data.activity where month < '2026-03' group by month")
                .collectAsList();
        assertThat(partitions(recorded())).containsExactly(JANUARY, FEBRUARY);
    }

    @Test
    void aQueryThatFailsBehindAShuffleCounts() throws Exception {
        assertThatThrownBy(() -> session.sql("select month, raise_error(max(title)) from user_data.activity"
                                + " where month = '2026-02' group by month")
                        .collectAsList())
                .hasMessageContaining("b");
        assertThat(partitions(recorded())).containsExactly(FEBRUARY);
    }

    @Test
    void subqueriesCount() throws Exception {
        session.sql("""
                select score from lake.users
                where score > (select max(id) from user_data.activity where month = '2026-02' and title > 'a')""").collectAsList();
        assertThat(partitions(recorded())).containsExactly("lake.users", FEBRUARY);
    }

    @Test
    void aPartitionThatOneQueryScansTwiceCountsOnce() throws Exception {
        session.sql("""
                select a.id from user_data.activity a join user_data.activity b on a.title = b.title
                where a.month = '2026-01' and b.month = '2026-01'""").collectAsList();
        assertThat(partitions(recorded())).containsExactly(JANUARY);
    }

    @Test
    void aViewCountsWhatStandsBehindIt() throws Exception {
        session.sql("create temporary view january as select * from user_data.activity where month = '2026-01'");
        assertThat(recorded()).isEmpty();
        session.sql("select title from january").collectAsList();
        assertThat(partitions(recorded())).containsExactly(JANUARY);
    }

    @Test
    void aCachedPlanCountsEachTimeThatItIsRead() throws Exception {
        Dataset<Row> february = session.sql("select title from user_data.activity where month = '2026-02'")
                .cache();
        february.collectAsList();
        assertThat(partitions(recorded())).containsExactly(FEBRUARY);
        february.where("title = 'b'").collectAsList();
        assertThat(partitions(recorded())).containsExactly(FEBRUARY);
    }

    @Test
    void theReadsOfAWriteCountOnce() throws Exception {
        Path target = folder.resolve("outside/copy");
        session.sql("create table delta.`" + target
                + "` using delta as select * from user_data.activity where month = '2026-01'");
        assertThat(partitions(recorded())).containsExactly(JANUARY);
        session.sql("insert into delta.`" + target + "` select * from user_data.activity where month = '2026-02'");
        assertThat(partitions(recorded())).containsExactly(FEBRUARY);
        session.sql("select title from user_data.activity where month = '2026-01'")
                .write()
                .parquet(folder.resolve("outside/p").toString());
        assertThat(partitions(recorded())).containsExactly(JANUARY);
    }

    @Test
    void aQueryThatFailsWhileItRunsCounts() throws Exception {
        assertThatThrownBy(
                        () -> session.sql("select raise_error(title) from user_data.activity where month = '2026-01'")
                                .collectAsList())
                .hasMessageContaining("a");
        assertThat(partitions(recorded())).containsExactly(JANUARY);
    }

    @Test
    void aCountThatDeltaAnswersFromItsLogTouchesNoPartition() throws Exception {
        assertThat(session.sql("select count(*) from user_data.activity")
                        .first()
                        .getLong(0))
                .isEqualTo(3);
        assertThat(recorded()).isEmpty();
    }

    @Test
    void theLakesOwnWorkDoesNotCountAndNeitherDoWritesInsideIt() throws Exception {
        Path target = folder.resolve("outside/internal");
        LakeSession.internal(session, () -> {
            session.sql("select title from user_data.activity where month = '2026-01'")
                    .collectAsList();
            session.read()
                    .format("delta")
                    .load(table("user_data", "activity"))
                    .write()
                    .format("delta")
                    .save(target.toString());
        });
        assertThat(recorded()).isEmpty();
        session.sql("select title from user_data.activity where month = '2026-01'")
                .collectAsList();
        assertThat(partitions(recorded())).containsExactly(JANUARY);
    }

    @Test
    void tablesOutsideTheHomeAreNobodysBusiness() throws Exception {
        Path elsewhere = folder.resolve("elsewhere/user_data/activity");
        session.range(3).write().format("delta").save(elsewhere.toString());
        session.read().format("delta").load(elsewhere.toString()).collectAsList();
        assertThat(recorded()).isEmpty();
    }

    @Test
    void aLineSaysWhenWhoAndWhichQuery() throws Exception {
        Instant before = Instant.now();
        session.sql("select title from user_data.activity where month < '2026-03'")
                .collectAsList();
        List<JsonNode> lines = recorded();
        assertThat(lines).hasSize(2).allSatisfy(line -> {
            assertThat(line.fieldNames())
                    .toIterable()
                    .containsExactly("at", "partition", "origin", "principal", "query_id", "filters");
            assertThat(Instant.parse(line.get("at").asText()))
                    .isBetween(before.minus(Duration.ofSeconds(1)), Instant.now());
            assertThat(line.get("origin").asText()).isEqualTo("spark");
            assertThat(line.get("principal").asText())
                    .isEqualTo(session.sparkContext().sparkUser());
        });
        assertThat(lines.get(0).get("query_id")).isEqualTo(lines.get(1).get("query_id"));
    }

    @Test
    void aSpoolThatCannotBeWrittenDoesNotDisturbTheQueryAndIsTriedAgain() throws Exception {
        Path blocked = folder.resolve("blocked");
        SparkSession other = SharedSpark.session(blocked);
        other.range(1)
                .write()
                .format("delta")
                .save(blocked.resolve("tables/lake/users").toString());
        Files.writeString(blocked.resolve("access"), "a file where a folder should be");
        assertThat(other.sql("select id from lake.users").collectAsList()).hasSize(1);
        listener().flush();
        Files.delete(blocked.resolve("access"));
        assertThat(partitions(recorded(blocked))).containsExactly("lake.users");
    }

    @Test
    void aLakeThatWasRemovedIsNotMadeAgain() throws Exception {
        Path removed = folder.resolve("removed");
        SparkSession other = SharedSpark.session(removed);
        Path users = removed.resolve("tables/lake/users");
        other.range(1).write().format("delta").save(users.toString());
        assertThat(other.sql("select id from lake.users").collectAsList()).hasSize(1);
        session.sparkContext().listenerBus().waitUntilEmpty();
        FolderTree.delete(removed);

        listener().flush();

        assertThat(removed).doesNotExist();
    }

    private static String table(String schema, String name) {
        return home.resolve("tables").resolve(schema).resolve(name).toString();
    }

    private static List<String> partitions(List<JsonNode> lines) {
        return lines.stream()
                .map(line -> line.get("partition").asText())
                .sorted()
                .toList();
    }

    private static List<JsonNode> recorded() throws Exception {
        return recorded(home);
    }

    /** Takes what was spooled since the last call. */
    private static List<JsonNode> recorded(Path home) throws Exception {
        session.sparkContext().listenerBus().waitUntilEmpty();
        listener().flush();
        Path spool = home.resolve("access/spool");
        if (!Files.isDirectory(spool)) {
            return List.of();
        }
        List<JsonNode> lines = new ArrayList<>();
        try (var files = Files.list(spool)) {
            for (Path file : files.sorted(Comparator.naturalOrder()).toList()) {
                assertThat(file.toString()).endsWith(".ndjson");
                lines.addAll(parse(file));
                Files.delete(file);
            }
        }
        return lines;
    }

    private static List<JsonNode> parse(Path file) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            lines.add(new ObjectMapper().readTree(line));
        }
        return lines;
    }

    private static AccessListener listener() {
        return CollectionConverters.asJava(session.sparkContext()
                        .listenerBus()
                        .findListenersByClass(ClassTag$.MODULE$.<AccessListener>apply(AccessListener.class)))
                .get(0);
    }
}
