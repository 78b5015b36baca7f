package io.datapunk.vectors.distance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.lake.config.VectorMetric;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ExactSearchTest {
    @Property(tries = 100)
    void findsWhatSortingEverythingFinds(
            @ForAll VectorMetric metric,
            @ForAll @IntRange(max = 300) int size,
            @ForAll @IntRange(min = 1, max = 20) int dimensions,
            @ForAll @IntRange(min = 1, max = 40) int k,
            @ForAll long seed) {
        Random random = new Random(seed);
        // Of few values, so that many are equally near.
        Matrix rows = numbers(random, metric, size, dimensions);
        Matrix queries = numbers(random, metric, 5, dimensions);
        BitSet accepted = new BitSet();
        IntStream.range(0, size).filter(row -> random.nextBoolean()).forEach(accepted::set);

        Neighbours[] found = ExactSearch.nearest(rows, queries, k, accepted);

        for (int query = 0; query < queries.size(); query++) {
            float[] vector = queries.vector(query);
            List<Integer> expected = accepted.stream()
                    .boxed()
                    .sorted(Comparator.comparing((Integer row) -> -score(metric, rows.vector(row), vector))
                            .thenComparing(row -> row))
                    .limit(k)
                    .toList();
            assertThat(found[query].scores()).hasSize(expected.size());
            for (int i = 0; i < expected.size(); i++) {
                assertThat((double) found[query].scores()[i])
                        .isCloseTo(score(metric, rows.vector(expected.get(i)), vector), within(1e-5));
            }
            if (metric != VectorMetric.COSINE) { // whose last digits depend on the order of adding
                assertThat(found[query].ordinals())
                        .containsExactly(expected.stream().mapToInt(row -> row).toArray());
            }
        }
    }

    @Test
    void withoutAFilterAllRowsAreSearched() {
        Matrix rows = new Matrix(VectorMetric.DOT, 1);
        for (float value : new float[] {2, 5, 5, -1}) {
            rows.add(new float[] {value});
        }
        Matrix queries = new Matrix(VectorMetric.DOT, 1);
        queries.add(new float[] {1});
        queries.add(new float[] {-1});

        assertThat(ExactSearch.nearest(rows, queries, 3))
                .containsExactly(
                        new Neighbours(new int[] {1, 2, 0}, new float[] {5, 5, 2}),
                        new Neighbours(new int[] {3, 0, 1}, new float[] {1, -2, -5}));
        assertThat(ExactSearch.nearest(rows, queries, 1_000_000_000)[0].ordinals())
                .containsExactly(1, 2, 0, 3);
    }

    @Test
    void rowsOfAnotherMetricOrLengthAreNotCompared() {
        Matrix rows = new Matrix(VectorMetric.DOT, 1);

        assertThatThrownBy(() -> ExactSearch.nearest(rows, new Matrix(VectorMetric.COSINE, 1), 1))
                .hasMessageContaining("COSINE");
        assertThatThrownBy(() -> ExactSearch.nearest(rows, new Matrix(VectorMetric.DOT, 2), 1))
                .hasMessageContaining("2 dimensions");
    }

    private static Matrix numbers(Random random, VectorMetric metric, int size, int dimensions) {
        Matrix matrix = new Matrix(metric, dimensions);
        for (int row = 0; row < size; row++) {
            float[] vector = new float[dimensions];
            vector[0] = 1;
            for (int d = 1; d < dimensions; d++) {
                vector[d] = random.nextInt(4) - 1;
            }
            matrix.add(vector);
        }
        return matrix;
    }

    private static double score(VectorMetric metric, float[] a, float[] b) {
        double sum = 0;
        for (int d = 0; d < a.length; d++) {
            sum += metric == VectorMetric.EUCLIDEAN ? Math.pow(a[d] - b[d], 2) : (double) a[d] * b[d];
        }
        return metric == VectorMetric.EUCLIDEAN ? -Math.sqrt(sum) : sum;
    }
}
