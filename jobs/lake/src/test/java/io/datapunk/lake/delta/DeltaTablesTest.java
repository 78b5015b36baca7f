package io.datapunk.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.LakeTables;
import io.datapunk.lake.model.table.MessagesTable;
import io.datapunk.lake.model.table.TableDefinition;
import io.datapunk.lake.model.table.UsersTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.delta.DeltaLog;
import org.apache.spark.sql.delta.actions.Metadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import scala.jdk.javaapi.CollectionConverters;

class DeltaTablesTest {
    private final SparkSession spark = LocalSpark.session();

    @TempDir
    Path folder;

    @Test
    void createsEveryTableOfTheLakeAsItIsDefined() {
        LakeHome home = LocalHome.under(folder);
        for (TableDefinition definition : LakeTables.all()) {
            DeltaTables.ensure(spark, home, definition);

            Metadata metadata = metadata(home, definition);
            assertThat(metadata.schema()).isEqualTo(DeltaSchemas.structType(definition));
            assertThat(CollectionConverters.asJava(metadata.partitionColumns()))
                    .isEqualTo(definition.partitionColumn().map(List::of).orElse(List.of()));
            assertThat(metadata.description()).isEqualTo(definition.comment());
            assertThat(CollectionConverters.asJava(metadata.configuration()))
                    .containsAllEntriesOf(DeltaTables.properties(definition));
        }
    }

    @Test
    void keepsPersonalColumnsOutOfTheStatistics() {
        assertThat(DeltaTables.properties(ActivityTable.DEFINITION).get("delta.dataSkippingStatsColumns"))
                .contains("event_time")
                .doesNotContain("title");
    }

    @Test
    void changesNothingWhenTheTableIsThere() {
        LakeHome home = LocalHome.under(folder);
        DeltaTables.ensure(spark, home, ActivityTable.DEFINITION);
        DeltaTables.ensure(spark, home, ActivityTable.DEFINITION);

        assertThat(new TableLog(home)
                        .snapshot(ActivityTable.DEFINITION.name())
                        .orElseThrow()
                        .version())
                .isZero();
    }

    @Test
    void letsSeveralCreateATableAtOnce() throws Exception {
        LakeHome home = LocalHome.under(folder);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            Callable<Boolean> create = () -> {
                DeltaTables.ensure(spark, home, MessagesTable.DEFINITION);
                return true;
            };
            for (Future<Boolean> done : pool.invokeAll(List.of(create, create, create, create))) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            pool.shutdown();
        }
        assertThat(new TableLog(home)
                        .snapshot(MessagesTable.DEFINITION.name())
                        .orElseThrow()
                        .version())
                .isZero();
    }

    @Test
    void refusesATableThatLacksAColumn() {
        LakeHome home = LocalHome.under(folder);
        String path = home.tablePath(ActivityTable.DEFINITION.name());
        spark.sql("CREATE TABLE delta.`" + path + "` (id STRING, title INT, month STRING) USING delta"
                + " PARTITIONED BY (month)");

        assertThatThrownBy(() -> DeltaTables.ensure(spark, home, ActivityTable.DEFINITION))
                .isInstanceOf(LakeException.class)
                .hasMessageContaining("column match_key is missing")
                .hasMessageContaining("column title is int instead of string");
    }

    @Test
    void addsAColumnThatANewerReleaseHas() {
        LakeHome home = LocalHome.under(folder);
        TableDefinition old = UsersTable.DEFINITION;
        DeltaTables.ensure(spark, home, old);
        List<Column> columns = new ArrayList<>(old.columns());
        columns.add(new Column(
                "nickname", ColumnType.Primitive.STRING, true, false, false, "What the person's friends say"));
        TableDefinition newer = new TableDefinition(
                old.name(), old.partition(), columns, old.sortedBy(), old.changeDataFeed(), old.comment());

        DeltaTables.ensure(spark, home, newer);
        DeltaTables.ensure(spark, home, newer);

        Metadata metadata = metadata(home, newer);
        assertThat(metadata.schema().apply("nickname").getComment().get()).isEqualTo("What the person's friends say");
        assertThat(new TableLog(home).snapshot(old.name()).orElseThrow().version())
                .as("added once")
                .isEqualTo(1);
    }

    private Metadata metadata(LakeHome home, TableDefinition definition) {
        return DeltaLog.forTable(spark, home.tablePath(definition.name()))
                .startTransaction()
                .metadata();
    }
}
