package io.datapunk.lake.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;

class VectorCodecProperties {
    @Property
    void roundingToHalfPrecisionIsNearAndHappensOnce(@ForAll @Size(max = 50) float[] numbers) {
        float[] rounded = VectorCodec.rounded(numbers);
        for (int i = 0; i < numbers.length; i++) {
            if (Math.abs(numbers[i]) < 65_504) {
                // Eleven bits, and below the smallest normal number a fixed step.
                float step = Math.max(Math.abs(numbers[i]) / 1024, 0x1p-24f);
                assertThat(Math.abs(rounded[i] - numbers[i])).isLessThanOrEqualTo(step);
            }
        }
        assertThat(VectorCodec.rounded(rounded)).isEqualTo(rounded);
    }
}
