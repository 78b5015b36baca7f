package io.datapunk.vectors.embed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What every encoder does. */
abstract class TextEncoderContract {
    /** In ten languages, and some that are in none. */
    static final List<String> TEXTS = List.of(
            "The train to the coast leaves at nine.",
            "Der Zug an die Küste fährt um neun.",
            "Le train pour la côte part à neuf heures.",
            "El tren a la costa sale a las nueve.",
            "Поезд к морю уходит в девять.",
            "海辺行きの列車は九時に出ます。",
            "去海边的火车九点开。",
            "القطار إلى الساحل يغادر في التاسعة.",
            "तट की ट्रेन नौ बजे छूटती है।",
            "바다로 가는 기차는 아홉 시에 떠난다.",
            "",
            " ",
            "\uD83D\uDE82\uD83C\uDF0A\uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67",
            "half a pair \uD83D, and a zero \0",
            "very long ".repeat(20_000),
            "x".repeat(50_000));

    abstract TextEncoder encoder();

    /** How far a text's vector may differ, in cosine, from the one that it has beside other texts. */
    abstract double tolerance();

    @Test
    void everyTextHasAVectorOfLengthOne() {
        float[][] vectors = encoder().encode(TEXTS);

        assertThat(vectors).hasNumberOfRows(TEXTS.size());
        for (int text = 0; text < vectors.length; text++) {
            assertThat(vectors[text]).as(TEXTS.get(text)).hasSize(encoder().dimensions());
            assertThat(cosine(vectors[text], vectors[text])).as(TEXTS.get(text)).isCloseTo(1, within(1e-5));
        }
        assertThat(encoder().encode(List.of())).isEmpty();
        assertThat(encoder().version()).matches("[0-9a-f]{64}");
    }

    @Test
    void vectorsStandInTheOrderOfTheirTexts() {
        List<String> turned = new ArrayList<>(TEXTS);
        Collections.reverse(turned);

        float[][] vectors = encoder().encode(TEXTS);
        float[][] others = encoder().encode(turned);

        for (int text = 0; text < vectors.length; text++) {
            assertThat(cosine(vectors[text], others[others.length - 1 - text]))
                    .as(TEXTS.get(text))
                    .isCloseTo(1, within(tolerance()));
        }
    }

    @Test
    void aTextHasTheSameVectorAloneAndAmongOthers() {
        float[][] vectors = encoder().encode(TEXTS);

        for (int text = 0; text < vectors.length; text++) {
            assertThat(cosine(vectors[text], encoder().encode(List.of(TEXTS.get(text)))[0]))
                    .as(TEXTS.get(text))
                    .isCloseTo(1, within(tolerance()));
        }
    }

    static double cosine(float[] one, float[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += (double) one[i] * other[i];
        }
        return sum;
    }
}
