package io.datapunk.vectors.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.datapunk.lake.model.LakeException;
import io.datapunk.vectors.sql.VectorSearch;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The entry point for Java and notebooks; a golden file has what SQL's functions answer. */
class VectorSearchTest {
    @TempDir
    private static Path folder;

    private static VectorsFixture lake;

    @BeforeAll
    static void build() {
        lake = new VectorsFixture(folder, Map.of());
        lake.append(0, 200);
        lake.build();
    }

    @Test
    void rowsOfAnyTableHaveTheNearestRowsOfACollection() {
        List<Row> found = VectorSearch.of(lake.spark, lake.config)
                .nearest(
                        lake.spark.sql("SELECT 'mine' AS whose, vector AS v FROM delta.`" + lake.table()
                                + "` WHERE id = '000007' UNION ALL SELECT 'without', NULL"),
                        "v",
                        "points",
                        3)
                .orderBy("rank")
                .collectAsList();

        assertThat(found)
                .extracting(row -> row.<String>getAs("whose"), row -> row.<Integer>getAs("rank"))
                .containsExactly(tuple("mine", 1), tuple("mine", 2), tuple("mine", 3));
        assertThat(found.get(0).<String>getAs("neighbour_id")).isEqualTo("000007");
        assertThat(found).allSatisfy(row -> assertThat(Integer.parseInt(row.getAs("neighbour_id")) % 20)
                .as("of the same heap")
                .isEqualTo(7));
        assertThat(found.get(0).<Long>getAs("index_version")).isEqualTo(1);
        assertThat(found.get(0).schema().fieldNames())
                .containsExactly("whose", "rank", "neighbour_id", "score", "index_version");
    }

    @Test
    void aSearchHasToBeWrittenAsOne() {
        assertThatThrownBy(() -> lake.spark.sql("SELECT * FROM vector_search('activity')"))
                .isInstanceOfSatisfying(LakeException.class, e -> assertThat(e.remedy())
                        .contains("vector_search('activity', 'boats on a lake', 10)"));
        assertThatThrownBy(() -> lake.spark.sql("SELECT * FROM vector_search('activity', 'x', '10')"))
                .hasMessageContaining("'10' is no constant integer");
    }

    @Test
    void aCollectionOfVectorsFromElsewhereHasNoTexts() {
        assertThatThrownBy(() -> VectorSearch.of(lake.spark, lake.config).search("points", "x", 1))
                .hasMessageContaining("points cannot be searched for a text");
    }
}
