package io.datapunk.vectors.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextVectorsTest {
    private final TextEncoder encoder = new WordsModel("1", text -> {}).open(1);

    @Test
    void aRowOfOnePartHasItsVector() {
        assertThat(vector("disk full")).containsExactly(WordsModel.vector("disk full"));
    }

    @Test
    void partsStandOneBehindTheOther() {
        float[] joined = vector("disk full", "restart");

        assertThat(joined).hasSize(2 * encoder.dimensions());
        assertThat(cosine(joined, joined)).isCloseTo(1, within(1e-6));
        assertThat(joined[0]).isCloseTo(WordsModel.vector("disk full")[0] / (float) Math.sqrt(2), within(1e-6f));
    }

    @Test
    void rowsAreAsNearAsThePartsThatBothHave() {
        assertThat(cosine(vector("disk full", ""), vector("disk full", ""))).isCloseTo(1, within(1e-6));
        assertThat(cosine(vector("disk full", ""), vector("disk full", "restart")))
                .as("one lacks a part that the other has")
                .isCloseTo(Math.sqrt(0.5), within(1e-6));
        assertThat(cosine(vector("disk full", ""), vector("", "disk full")))
                .as("parts are compared with their like")
                .isZero();
        assertThat(vector("", "")).containsOnly(0);
    }

    @Test
    void aSearchFindsWhatMatchesAllParts() {
        float[] asked =
                TextVectors.of(encoder, List.of(RowText.asked("disk full", 2))).get(0);

        assertThat(cosine(asked, vector("disk full", "disk full"))).isCloseTo(1, within(1e-6));
        assertThat(cosine(asked, vector("disk full", ""))).isCloseTo(Math.sqrt(0.5), within(1e-6));
    }

    private float[] vector(String... parts) {
        return TextVectors.of(encoder, List.of(new RowText(List.of(parts)))).get(0);
    }

    private static double cosine(float[] one, float[] other) {
        return TextEncoderContract.cosine(one, other);
    }
}
