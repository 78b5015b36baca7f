package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.delta.DeltaSchemas;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionFiles;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.TableDefinition.PartitionedBy;
import io.datapunk.testkit.SharedPostgres;
import io.datapunk.testkit.SharedSpark;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two people log in by themselves; each sees their own rows, whatever moves and however they ask. */
class RowSecurityTest {
    private static final Instant NOW = Instant.parse("2026-02-01T00:00:00Z");
    private static final PartitionName JANUARY =
            PartitionName.of(new DatasetName("user_data", "activity"), "month", "2026-01");
    private static final TableDefinition ACTIVITY = new TableDefinition(
            JANUARY.dataset(),
            PartitionedBy.MONTH,
            List.of(
                    column("id", Primitive.STRING),
                    column("user_id", Primitive.STRING),
                    column("event_time", Primitive.TIMESTAMP),
                    column("title", Primitive.STRING),
                    column("month", Primitive.STRING)),
            List.of(),
            true,
            "");
    private static final String OWN =
            "SELECT string_agg(DISTINCT user_id, ',') || ' ' || count(*) FROM user_data.activity";

    private final SparkSession spark = SharedSpark.session();
    private final PostgresConnection database = SharedPostgres.emptyDatabase();
    private final String suffix = database.url().substring(database.url().lastIndexOf('/') + 1);
    private HotStore store;

    @BeforeEach
    void twoPeopleAndAnAnalyst() throws SQLException {
        store = HotStore.open(database, 1);
        serve(1, 30);
        for (String name : List.of("ann", "bob", "eve", "analyst")) {
            owner("CREATE ROLE " + login(name) + " LOGIN PASSWORD 'secret' IN ROLE "
                    + (name.equals("analyst") ? "lake_analyst" : "lake_reader"));
        }
        owner("INSERT INTO lake.user_roles VALUES ('" + login("ann") + "', 'user-0'), ('" + login("bob")
                + "', 'user-1'), ('" + login("bob") + "', 'user-2')");
    }

    @AfterEach
    void rolesBelongToTheWholeServer() throws SQLException {
        for (String name : List.of("ann", "bob", "eve", "analyst")) {
            owner("DROP OWNED BY " + login(name));
            owner("DROP ROLE " + login(name));
        }
    }

    @Test
    void eachReaderSeesTheirOwnRowsAndOneWithoutAMappingNone() throws SQLException {
        assertThat(as("ann", OWN)).isEqualTo("user-0 10");
        assertThat(as("bob", OWN)).isEqualTo("user-1,user-2 20");
        assertThat(as("eve", "SELECT count(*) FROM user_data.activity")).isEqualTo("0");
        assertThat(as("analyst", OWN)).isEqualTo("user-0,user-1,user-2 30");
        assertThat(as("ann", "SELECT count(*) FROM user_data.activity WHERE user_id = 'user-1'"))
                .isEqualTo("0");
    }

    @Test
    void isolationOutlivesPromotionsThatSwapTheLeaf() throws SQLException {
        serve(2, 60);
        assertThat(as("ann", OWN)).isEqualTo("user-0 20");
        store.unserve(JANUARY, NOW);
        assertThat(as("ann", "SELECT count(*) FROM user_data.activity")).isEqualTo("0");
        serve(3, 90);
        assertThat(as("bob", OWN)).isEqualTo("user-1,user-2 60");
    }

    @Test
    void noWayLeadsAroundTheParent() throws SQLException {
        String leaf;
        try (Connection owner = SharedPostgres.connect(database)) {
            leaf = ask(owner, "SELECT leaf FROM lake.served WHERE state = 'SERVING'");
        }
        for (String attempt : List.of(
                "SELECT count(*) FROM " + HotTable.leaf(leaf),
                "SELECT * FROM lake.user_roles",
                "INSERT INTO lake.user_roles VALUES (current_user, 'user-1')",
                "SELECT lake.secure('user_data.activity')",
                "ALTER TABLE user_data.activity DISABLE ROW LEVEL SECURITY",
                "SET ROLE " + login("bob"),
                "SET ROLE lake_analyst")) {
            assertThatThrownBy(() -> as("ann", attempt))
                    .as(attempt)
                    .isInstanceOf(SQLException.class)
                    .satisfies(e -> assertThat(((SQLException) e).getSQLState()).isEqualTo("42501"));
        }
        // A grant on a leaf by mistake shows nothing: it has row-level security and no policy.
        owner("GRANT USAGE ON SCHEMA lake_hot TO lake_reader");
        owner("GRANT SELECT ON " + HotTable.leaf(leaf) + " TO lake_reader");
        assertThat(as("ann", "SELECT count(*) FROM " + HotTable.leaf(leaf))).isEqualTo("0");
    }

    @Test
    void aFunctionOfTheReadersOwnSeesNoForeignRow() throws SQLException {
        try (Connection ann = connect("ann")) {
            Statements.execute(
                    ann,
                    "CREATE FUNCTION pg_temp.leak(text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS"
                            + " $$ BEGIN IF $1 <> 'user-0' THEN RAISE EXCEPTION 'saw %', $1; END IF; RETURN true; END $$");
            assertThat(ask(ann, "SELECT count(*) FROM user_data.activity WHERE pg_temp.leak(user_id)"))
                    .isEqualTo("10");
        }
    }

    @Test
    void aPoolThatChoosesTheRoleSeesThatRolesRows() throws SQLException {
        owner("GRANT " + login("ann") + ", " + login("bob") + " TO " + login("eve"));
        try (Connection pool = connect("eve")) {
            Statements.execute(pool, "SET ROLE " + login("ann"));
            assertThat(ask(pool, OWN)).isEqualTo("user-0 10");
            Statements.execute(pool, "SET ROLE " + login("bob"));
            assertThat(ask(pool, OWN)).isEqualTo("user-1,user-2 20");
        }
    }

    @Test
    void readersUseTheIndexByUser() throws SQLException {
        serve(2, 6000);
        try (Connection ann = connect("ann")) {
            Statements.execute(ann, "SET enable_seqscan = off");
            assertThat(Statements.texts(ann, "EXPLAIN SELECT title FROM user_data.activity ORDER BY event_time DESC"))
                    .anyMatch(line -> line.contains("Index Cond: (user_id = ANY"));
        }
    }

    @Test
    void tablesWithoutUsersRowsAreForThoseWhoSeeEverything() throws SQLException {
        DatasetName sales = new DatasetName("shop", "sales");
        TableDefinition definition = TableDefinition.foreign(
                sales, "country", List.of(column("id", Primitive.LONG), column("country", Primitive.STRING)));
        Dataset<Row> rows =
                spark.createDataFrame(List.of(RowFactory.create(1L, "fr")), DeltaSchemas.structType(definition));
        PartitionFiles files = new PartitionFiles(
                PartitionName.of(sales, "country", "fr"),
                1,
                List.of(new DataFile("country=fr/1.parquet", 1, 0, 1, Map.of(), "")));
        HotLoad load = store.load(spark, definition, files, rows);
        assertThat(store.verify(load).matches()).isTrue();
        store.serve(load, NOW);
        assertThat(as("analyst", "SELECT count(*) FROM shop.sales")).isEqualTo("1");
        assertThatThrownBy(() -> as("ann", "SELECT count(*) FROM shop.sales"))
                .hasMessageContaining("permission denied");
    }

    private void serve(long version, int count) {
        List<Row> rows = IntStream.range(0, count)
                .mapToObj(i ->
                        RowFactory.create("id-" + i, "user-" + i % 3, NOW.minusSeconds(i), "title " + i, "2026-01"))
                .toList();
        PartitionFiles files = new PartitionFiles(
                JANUARY,
                version,
                List.of(new DataFile("month=2026-01/" + version + ".parquet", 1, 0, count, Map.of(), "")));
        HotLoad load =
                store.load(spark, ACTIVITY, files, spark.createDataFrame(rows, DeltaSchemas.structType(ACTIVITY)));
        assertThat(store.verify(load).matches()).isTrue();
        store.serve(load, NOW);
    }

    private String login(String name) {
        return name + "_" + suffix;
    }

    private String as(String name, String sql) throws SQLException {
        try (Connection connection = connect(name)) {
            return ask(connection, sql);
        }
    }

    private Connection connect(String name) throws SQLException {
        return DriverManager.getConnection(database.url(), login(name), "secret");
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (var rows = statement.getResultSet()) {
                return rows.next() ? rows.getString(1) : "";
            }
        }
    }

    private void owner(String sql) throws SQLException {
        try (Connection connection = SharedPostgres.connect(database)) {
            Statements.execute(connection, sql);
        }
    }

    private static Column column(String name, Primitive type) {
        return new Column(name, type, true, false, false, "");
    }
}
