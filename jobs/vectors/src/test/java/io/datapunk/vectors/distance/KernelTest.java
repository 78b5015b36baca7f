package io.datapunk.vectors.distance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every kernel, with vector instructions and without. */
class KernelTest {
    private static final int[] STRIDES = {16, 48, 384};

    static Stream<Kernel> products() {
        return Stream.of(new PlainProducts(), new AcceleratedProducts());
    }

    static Stream<Kernel> squaredDistances() {
        return Stream.of(new PlainSquaredDistances(), new AcceleratedSquaredDistances());
    }

    @ParameterizedTest
    @MethodSource("products")
    void productIsTheSumOfProducts(Kernel kernel) {
        for (int stride : STRIDES) {
            float[] a = numbers(1, 3 * stride);
            float[] b = numbers(2, 5 * stride);
            double expected = 0;
            for (int d = 0; d < stride; d++) {
                expected += (double) a[2 * stride + d] * b[stride + d];
            }

            float product = kernel.nearness(a, 2 * stride, b, stride, stride);
            assertThat((double) product).isCloseTo(expected, within(1e-3));
            assertThat(kernel.score(product)).isEqualTo(product);
        }
    }

    @ParameterizedTest
    @MethodSource("squaredDistances")
    void squaredDistanceIsTheSumOfSquaresAndNegative(Kernel kernel) {
        for (int stride : STRIDES) {
            float[] a = numbers(1, 3 * stride);
            float[] b = numbers(2, 5 * stride);
            double expected = 0;
            for (int d = 0; d < stride; d++) {
                expected += Math.pow((double) a[2 * stride + d] - b[stride + d], 2);
            }

            float nearness = kernel.nearness(a, 2 * stride, b, stride, stride);
            assertThat((double) nearness).isCloseTo(-expected, within(1e-3));
            assertThat((double) kernel.score(nearness)).isCloseTo(-Math.sqrt(expected), within(1e-4));
        }
    }

    @ParameterizedTest
    @MethodSource("squaredDistances")
    void nothingIsBetweenAVectorAndItselfHoweverLongItIs(Kernel kernel) {
        float[] far = new float[32];
        java.util.Arrays.fill(far, 123456.7f);

        assertThat(kernel.score(kernel.nearness(far, 0, far, 0, 32))).isEqualTo(0f);
    }

    @ParameterizedTest
    @MethodSource({"products", "squaredDistances"})
    void blocksOfAllShapesHoldWhatPairsGive(Kernel kernel) {
        int stride = 48;
        float[] a = numbers(3, 8 * stride);
        float[] b = numbers(4, 9 * stride);
        for (int aRows = 0; aRows <= 8; aRows++) {
            for (int bRows = 0; bRows <= 9; bRows++) {
                float[] block = new float[aRows * bRows];
                kernel.nearness(a, aRows, b, bRows, stride, block);
                for (int i = 0; i < aRows; i++) {
                    for (int j = 0; j < bRows; j++) {
                        assertThat(block[i * bRows + j])
                                .as("%d of %d with %d of %d", i, aRows, j, bRows)
                                .isCloseTo(kernel.nearness(a, i * stride, b, j * stride, stride), within(1e-4f));
                    }
                }
            }
        }
    }

    private static float[] numbers(long seed, int count) {
        Random random = new Random(seed);
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = (float) random.nextGaussian();
        }
        return numbers;
    }
}
