package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.PartitionName;
import io.datapunk.lake.model.PartitionValue;
import io.datapunk.lake.model.table.ActivityTable;
import io.datapunk.lake.model.table.Column;
import io.datapunk.lake.model.table.ColumnType;
import io.datapunk.lake.model.table.ColumnType.ArrayOf;
import io.datapunk.lake.model.table.ColumnType.DecimalOf;
import io.datapunk.lake.model.table.ColumnType.Field;
import io.datapunk.lake.model.table.ColumnType.MapOf;
import io.datapunk.lake.model.table.ColumnType.OnlyInDelta;
import io.datapunk.lake.model.table.ColumnType.Primitive;
import io.datapunk.lake.model.table.ColumnType.StructOf;
import io.datapunk.lake.model.table.TableShape;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class HotPreflightTest {
    private static final DatasetName SALES = new DatasetName("shop", "sales");
    private static final PartitionName FRANCE = PartitionName.of(SALES, "country", "fr");

    @Test
    void everyTypeThatPostgresHoldsExactlyPasses() {
        List<ColumnType> types = new ArrayList<>(List.of(Primitive.values()));
        types.add(new DecimalOf(38, 38));
        types.add(new ArrayOf(new MapOf(Primitive.DATE, new StructOf(List.of(new Field("x", Primitive.FLOAT))))));
        assertThat(types).allSatisfy(type -> assertThat(HotPreflight.obstacle(sales(column("value", type)), FRANCE))
                .isEmpty());
    }

    @Test
    void aTypeThatOnlyDeltaHasIsNamedHoweverDeepItStands() {
        ColumnType variant = new OnlyInDelta("variant");
        for (ColumnType type : List.of(
                variant,
                new ArrayOf(variant),
                new MapOf(Primitive.STRING, variant),
                new StructOf(List.of(new Field("x", new ArrayOf(variant)))))) {
            assertThat(HotPreflight.obstacle(sales(column("value", type)), FRANCE))
                    .contains("column value is variant, which PostgreSQL cannot hold exactly");
        }
    }

    @Test
    void namesThatPostgresWouldCutOrKeepsForItselfAreObstacles() {
        assertThat(HotPreflight.obstacle(sales(column("ü".repeat(32), Primitive.INT)), FRANCE))
                .hasValueSatisfying(reason -> assertThat(reason).endsWith("is longer than PostgreSQL's 63 bytes"));
        assertThat(HotPreflight.obstacle(sales(column("ctid", Primitive.INT)), FRANCE))
                .contains("PostgreSQL lets no column be named ctid");
        TableShape catalog =
                new TableShape(new DatasetName("pg_catalog", "pg_class"), sales().columns(), List.of("country"));
        assertThat(HotPreflight.obstacle(catalog, PartitionName.of(catalog.name(), "country", "fr")))
                .contains("schema pg_catalog is taken in PostgreSQL");
    }

    @Test
    void onlyTablesWithOnePartitionColumnOfTextsOrDatesAreServed() {
        TableShape byNumber = new TableShape(SALES, List.of(column("year", Primitive.INT)), List.of("year"));
        assertThat(HotPreflight.obstacle(byNumber, PartitionName.of(SALES, "year", "2026")))
                .contains("its partition column year is int, and texts and dates are served");
        TableShape byTwo = new TableShape(SALES, sales().columns(), List.of("country", "city"));
        assertThat(HotPreflight.obstacle(byTwo, FRANCE))
                .contains("it is partitioned by country and city, and one column is served");
        assertThat(HotPreflight.obstacle(
                        new TableShape(SALES, sales().columns(), List.of()), PartitionName.whole(SALES)))
                .contains("it has no partition column");
        assertThat(HotPreflight.obstacle(sales(), PartitionName.of(SALES, "country", PartitionValue.NO_VALUE)))
                .contains("its rows have no value in the partition column");
    }

    @Test
    void aTableOfTheLakesWhoseColumnsWereChangedIsFoundBeforeItIsCopied() {
        DatasetName activity = ActivityTable.DEFINITION.name();
        PartitionName january = PartitionName.of(activity, "month", "2026-01");
        TableShape own = new TableShape(activity, ActivityTable.DEFINITION.columns(), List.of("month"));
        assertThat(HotPreflight.obstacle(own, january)).isEmpty();
        List<Column> wider = Stream.concat(own.columns().stream(), Stream.of(column("mood", Primitive.STRING)))
                .toList();
        assertThat(HotPreflight.obstacle(new TableShape(activity, wider, List.of("month")), january))
                .contains("column mood is not the lake's");
    }

    private static TableShape sales(Column... columns) {
        return new TableShape(
                SALES,
                Stream.concat(Stream.of(columns), Stream.of(column("country", Primitive.STRING)))
                        .toList(),
                List.of("country"));
    }

    private static Column column(String name, ColumnType type) {
        return new Column(name, type, true, false, false, "");
    }
}
