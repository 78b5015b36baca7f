package io.datapunk.vectors.kmeans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.lake.config.VectorMetric;
import io.datapunk.vectors.RandomVectors;
import io.datapunk.vectors.distance.ExactSearch;
import io.datapunk.vectors.distance.Matrix;
import io.datapunk.vectors.distance.Neighbours;
import java.util.Arrays;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KMeansTest {
    @Property(tries = 50)
    void sameSeedGivesTheSameClustersAndEachRowIsOfTheNearest(
            @ForAll VectorMetric metric,
            @ForAll @IntRange(min = 1, max = 400) int size,
            @ForAll @IntRange(min = 1, max = 20) int clusters,
            @ForAll long seed) {
        Matrix rows = new RandomVectors(seed, 6, 4).matrix(metric, size);

        Centroids centroids = KMeans.train(rows, clusters, seed);
        Centroids again = KMeans.train(rows, clusters, seed);

        assertThat(centroids.size()).isBetween(1, Math.min(clusters, size));
        for (int cluster = 0; cluster < centroids.size(); cluster++) {
            assertThat(again.rows().vector(cluster))
                    .containsExactly(centroids.rows().vector(cluster));
        }
        int[] assigned = centroids.assign(rows);
        for (int row = 0; row < size; row++) {
            assertThat(centroids.nearest(rows.vector(row), 1)).containsExactly(assigned[row]);
        }
    }

    @Property(tries = 50)
    void moreClustersLieNearerToTheRows(@ForAll VectorMetric metric, @ForAll @IntRange(max = 1000) int seed) {
        Matrix rows = new RandomVectors(seed, 8, 10).matrix(metric, 500);

        assertThat(nearness(KMeans.train(rows, 30, seed), rows))
                .isGreaterThan(nearness(KMeans.train(rows, 3, seed), rows));
    }

    @ParameterizedTest
    @EnumSource
    void groupsThatAreFarApartAreFound(VectorMetric metric) {
        Matrix rows = new Matrix(metric, 3);
        for (int row = 0; row < 300; row++) {
            float[] vector = {0.01f * (row % 7), 0.01f * (row % 5), 0.01f * (row % 11)};
            vector[row % 3] += 10;
            rows.add(vector);
        }

        Centroids centroids = KMeans.train(rows, 3, 5);

        int[] assigned = centroids.assign(rows);
        assertThat(Arrays.stream(assigned).distinct()).hasSize(3);
        for (int row = 3; row < 300; row++) {
            assertThat(assigned[row]).isEqualTo(assigned[row % 3]);
        }
    }

    @Test
    void middlesOfDistancesAreMeansAndThoseOfCosinesHaveLengthOne() {
        Matrix points = new Matrix(VectorMetric.EUCLIDEAN, 2);
        points.add(new float[] {1, 0});
        points.add(new float[] {0, 1});
        Matrix directions = new Matrix(VectorMetric.COSINE, 2);
        directions.add(new float[] {1, 0});
        directions.add(new float[] {0, 1});

        assertThat(KMeans.train(points, 1, 1).rows().vector(0)).containsExactly(0.5f, 0.5f);
        float half = (float) Math.sqrt(0.5);
        assertThat(KMeans.train(directions, 1, 1).rows().vector(0))
                .containsExactly(new float[] {half, half}, within(1e-6f));
    }

    @Test
    void noClusterIsMadeForRowsThatAreTheSame() {
        Matrix rows = new Matrix(VectorMetric.EUCLIDEAN, 2);
        for (int row = 0; row < 100; row++) {
            rows.add(new float[] {row % 2, 7});
        }

        assertThat(KMeans.train(rows, 10, 3).size()).isEqualTo(2);
    }

    @Test
    void withoutRowsThereAreNoClusters() {
        assertThat(KMeans.train(new Matrix(VectorMetric.COSINE, 2), 10, 3).size())
                .isZero();
        assertThatThrownBy(() -> KMeans.train(new Matrix(VectorMetric.COSINE, 2), 0, 3))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nearestGivesSeveralTheNearestFirst() {
        Matrix middles = new Matrix(VectorMetric.EUCLIDEAN, 1);
        for (float middle : new float[] {10, 0, 5}) {
            middles.add(new float[] {middle});
        }

        assertThat(Centroids.of(middles).nearest(new float[] {1}, 2)).containsExactly(1, 2);
        assertThat(Centroids.of(middles).nearest(new float[] {1}, 9)).containsExactly(1, 2, 0);
    }

    /** The sum over the rows of how near the middle of their cluster is. */
    private static double nearness(Centroids centroids, Matrix rows) {
        Matrix compared = new Matrix(centroids.rows().metric(), rows.dimensions());
        IntStream.range(0, rows.size()).forEach(row -> compared.add(rows.vector(row)));
        return Arrays.stream(ExactSearch.nearest(centroids.rows(), compared, 1))
                .mapToDouble((Neighbours nearest) -> nearest.scores()[0])
                .sum();
    }
}
