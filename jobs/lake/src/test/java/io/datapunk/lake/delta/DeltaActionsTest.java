package io.datapunk.lake.delta;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.apache.spark.sql.delta.actions.AddFile;
import org.apache.spark.sql.delta.actions.Metadata;
import org.apache.spark.sql.delta.actions.SetTransaction;
import org.junit.jupiter.api.Test;
import scala.Option;
import scala.Product;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Fails when a Delta release changes an action. Then look, in {@link DeltaActions}, at what a move has to do with each
 * new field: carry it over with a file's pages, or leave it out where rows are written anew.
 */
class DeltaActionsTest {
    private static final AddFile SOURCE = new AddFile(
            "month=2026-01/part%201.parquet",
            DeltaActions.immutable(Map.of("month", "2026-01")),
            100,
            1_700_000_000_000L,
            true,
            "{\"numRecords\":3}",
            DeltaActions.immutable(Map.of("other", "kept")),
            null,
            Option.apply(7L),
            Option.apply(8L),
            Option.apply("liquid"),
            Option.empty(),
            Option.empty());

    @Test
    void knowsEveryFieldOfTheActionsThatItMakes() {
        assertThat(names(SOURCE))
                .containsExactly(
                        "path",
                        "partitionValues",
                        "size",
                        "modificationTime",
                        "dataChange",
                        "stats",
                        "tags",
                        "deletionVector",
                        "baseRowId",
                        "defaultRowCommitVersion",
                        "clusteringProvider",
                        "backReference",
                        "amtPassthrough");
        assertThat(names((Product) DeltaActions.once("job", 1, 2))).containsExactly("appId", "version", "lastUpdated");
        assertThat(List.of(Metadata.class.getConstructors()[0].getParameterTypes()))
                .hasSize(8);
        assertThat(DeltaActions.once("job", 1, 2)).isInstanceOf(SetTransaction.class);
    }

    @Test
    void carriesEverythingThatHangsOnTheRowsOver() {
        AddFile added = DeltaActions.replacing(SOURCE, "cold/month=2026-01/a.parquet", 50, 9, Map.of("tag", "value"));

        Set<String> own = Set.of("path", "size", "modificationTime", "dataChange", "tags");
        List<String> names = names(SOURCE);
        IntStream.range(0, names.size())
                .filter(field -> !own.contains(names.get(field)))
                .forEach(field -> assertThat(added.productElement(field))
                        .as(names.get(field))
                        .isEqualTo(SOURCE.productElement(field)));
        assertThat(added.path()).isEqualTo("cold/month=2026-01/a.parquet");
        assertThat(added.size()).isEqualTo(50);
        assertThat(added.modificationTime()).isEqualTo(9);
        assertThat(added.dataChange()).isFalse();
        assertThat(DeltaActions.tags(added)).containsExactly(Map.entry("tag", "value"));
    }

    @Test
    void givesRowsThatAreWrittenAnewNoIdsAndNoOldStatistics() {
        AddFile added = DeltaActions.rewritten(SOURCE, "cold/a.parquet", 50, 9, Map.of());

        assertThat(added.baseRowId().isEmpty()).isTrue();
        assertThat(added.defaultRowCommitVersion().isEmpty()).isTrue();
        assertThat(added.stats()).isNull();
        assertThat(DeltaActions.withStatistics(added, "{\"numRecords\":2}").stats())
                .isEqualTo("{\"numRecords\":2}");
    }

    @Test
    void namesTheOperationThatLetsAppendsPass() {
        assertThat(DeltaActions.move().name()).isEqualTo("Manual Update");
        assertThat(DeltaActions.move().changesData()).isFalse();
    }

    @Test
    void writesPathsAsTheLogHasThem() {
        assertThat(DeltaActions.encoded("cold/month=2026-01/ä b.parquet"))
                .isEqualTo("cold/month=2026-01/ä%20b.parquet");
        assertThat(TableLog.decoded(DeltaActions.encoded("month=a%3Ab/c d.parquet")))
                .isEqualTo("month=a%3Ab/c d.parquet");
    }

    private static List<String> names(Product product) {
        return CollectionConverters.asJava(product.productElementNames().toList());
    }
}
