package io.datapunk.vectors.distance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.datapunk.lake.config.VectorMetric;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class MatrixTest {
    @Test
    void rowsComeBackAsTheyWentInAcrossChunks() {
        Matrix matrix = new Matrix(VectorMetric.EUCLIDEAN, 3);
        int rows = 150_000; // two chunks and a part
        for (int row = 0; row < rows; row++) {
            matrix.add(new float[] {row, -row, 1});
        }

        assertThat(matrix.size()).isEqualTo(rows);
        for (int row : new int[] {0, 1, 65_535, 65_536, 131_071, 131_072, rows - 1}) {
            assertThat(matrix.vector(row)).containsExactly(row, -row, 1);
        }
    }

    @Test
    void ofCosinesTheVectorsGetLengthOne() {
        Matrix matrix = new Matrix(VectorMetric.COSINE, 2);
        matrix.add(new float[] {3, 4});
        matrix.add(new float[] {3e30f, 4e30f});
        matrix.add(new float[] {3e-30f, 4e-30f});

        for (int row = 0; row < 3; row++) {
            assertThat(matrix.vector(row)).containsExactly(new float[] {0.6f, 0.8f}, within(1e-6f));
        }
        assertThat(matrix.query(new float[] {0, 5})).hasSize(16).startsWith(0, 1, 0);
    }

    @ParameterizedTest
    @EnumSource
    void whatCannotBeComparedIsRefused(VectorMetric metric) {
        Matrix matrix = new Matrix(metric, 2);
        matrix.add(new float[] {1, 2});

        assertThatThrownBy(() -> matrix.add(new float[] {1, Float.NaN})).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> matrix.add(new float[] {1, Float.NEGATIVE_INFINITY}))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> matrix.add(new float[] {1}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("A vector of 1 dimensions cannot be compared with ones of 2");
        assertThatThrownBy(() -> matrix.query(new float[] {Float.NaN, 1})).isInstanceOf(IllegalArgumentException.class);

        matrix.add(new float[] {3, 4});
        assertThat(matrix.size()).isEqualTo(2);
    }

    @Test
    void zeroHasADistanceAndAProductButNoDirection() {
        float[] zero = new float[2];

        new Matrix(VectorMetric.EUCLIDEAN, 2).add(zero);
        new Matrix(VectorMetric.DOT, 2).add(zero);
        assertThatThrownBy(() -> new Matrix(VectorMetric.COSINE, 2).add(zero))
                .hasMessage("A vector of length 0.0 has no direction");
    }

    @Test
    void vectorsWhoseDistanceWouldNotBeAFloatAreRefused() {
        float[] longest = {3e18f, 0};
        Matrix rows = new Matrix(VectorMetric.EUCLIDEAN, 2);
        rows.add(longest);
        Matrix queries = new Matrix(VectorMetric.EUCLIDEAN, 2);
        queries.add(new float[] {-3e18f, 0});

        assertThat(ExactSearch.nearest(rows, queries, 1)[0].scores()).containsExactly(-6e18f);
        assertThatThrownBy(() -> rows.add(new float[] {4e18f, 0})).hasMessageContaining("too long");
    }
}
