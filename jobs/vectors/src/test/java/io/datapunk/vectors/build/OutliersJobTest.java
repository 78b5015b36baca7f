package io.datapunk.vectors.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.model.table.VectorOutliersTable;
import io.datapunk.vectors.neighbours.OutliersJob;
import io.datapunk.vectors.neighbours.OutliersJob.Outlier;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutliersJobTest {
    private static final int ROWS = 400;
    private static final int NEIGHBOURS = 10;

    @TempDir
    private Path folder;

    @Test
    void theFactorsAreThoseOfTheDefinition() {
        VectorsFixture lake = new VectorsFixture(folder, Map.of("metric", "euclidean", "index", "flat"));
        lake.append(0, ROWS);
        lake.build();

        OutliersJob.Report report = outliers(lake);

        assertThat(report.rows()).isEqualTo(ROWS);
        double[] expected = factors();
        lake.spark
                .read()
                .format("delta")
                .load(lake.home.tablePath(VectorOutliersTable.DEFINITION.name()))
                .select("id", VectorOutliersTable.FACTOR)
                .collectAsList()
                .forEach(row -> assertThat(row.getDouble(1))
                        .as(row.getString(0))
                        .isCloseTo(expected[Integer.parseInt(row.getString(0))], within(1e-4)));
        assertThat(report.most())
                .extracting(Outlier::id)
                .containsExactlyElementsOf(IntStream.range(0, ROWS)
                        .boxed()
                        .sorted(Comparator.comparingDouble((Integer number) -> expected[number])
                                .reversed())
                        .limit(3)
                        .map(VectorsFixture::id)
                        .toList());
    }

    @Test
    void rowsThatAreEqualMakeNoOutliersOfTheOthers() {
        VectorsFixture lake = new VectorsFixture(folder, Map.of());
        lake.append(0, ROWS);
        lake.spark.sql("UPDATE delta.`" + lake.table() + "` SET vector = (SELECT first(vector) FROM delta.`"
                + lake.table() + "` WHERE id = '000000') WHERE int(id) % 40 = 0");
        lake.build();

        assertThat(outliers(lake).most().get(0).factor())
                .as("the rest of that heap, beside rows that are no distance apart")
                .isLessThan(10);
    }

    @Test
    void theIndexHasToBeThatOfTheTable() {
        VectorsFixture lake = new VectorsFixture(folder, Map.of());
        lake.append(0, 10);
        lake.build();
        lake.append(10, 20);

        assertThatThrownBy(() -> outliers(lake)).isInstanceOfSatisfying(LakeException.class, e -> assertThat(e.remedy())
                .contains("lake vectors build points"));
    }

    @Test
    void productsAreNoDistances() {
        VectorsFixture lake = new VectorsFixture(folder, Map.of("metric", "dot"));

        assertThatThrownBy(() -> outliers(lake)).hasMessageContaining("points has no outliers");
    }

    /** Breunig and others 2000, word for word. */
    private static double[] factors() {
        double[][] distance = new double[ROWS][ROWS];
        for (int a = 0; a < ROWS; a++) {
            for (int b = 0; b < ROWS; b++) {
                distance[a][b] = distance(VectorsFixture.point(a), VectorsFixture.point(b));
            }
        }
        List<List<Integer>> near = IntStream.range(0, ROWS)
                .mapToObj(a -> IntStream.range(0, ROWS)
                        .filter(b -> b != a)
                        .boxed()
                        .sorted(Comparator.comparingDouble(b -> distance[a][b]))
                        .limit(NEIGHBOURS)
                        .toList())
                .toList();
        double[] density = new double[ROWS];
        Arrays.setAll(
                density,
                a -> 1
                        / near.get(a).stream()
                                .mapToDouble(b -> Math.max(
                                        distance[a][b], distance[b][near.get(b).get(NEIGHBOURS - 1)]))
                                .average()
                                .orElseThrow());
        double[] factors = new double[ROWS];
        Arrays.setAll(
                factors,
                a -> near.get(a).stream().mapToDouble(b -> density[b]).average().orElseThrow() / density[a]);
        return factors;
    }

    private static double distance(float[] a, float[] b) {
        double squares = 0;
        for (int d = 0; d < a.length; d++) {
            squares += ((double) a[d] - b[d]) * ((double) a[d] - b[d]);
        }
        return Math.sqrt(squares);
    }

    private static OutliersJob.Report outliers(VectorsFixture lake) {
        return new OutliersJob(lake.spark, lake.config, lake.home)
                .run(new OutliersJob.Request(lake.collection(), NEIGHBOURS, 3, VectorsFixture.NOW), Progress.NONE);
    }
}
