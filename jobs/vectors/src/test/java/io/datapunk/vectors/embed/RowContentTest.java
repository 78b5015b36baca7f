package io.datapunk.vectors.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RowContentTest {
    @Test
    void anotherTextModelOrVersionIsAnotherContent() {
        List<String> hashes = List.of(
                hash("m", "1", "a", "b"),
                hash("m", "1", "a b"),
                hash("m", "1", "a", ""),
                hash("m", "1", "a"),
                hash("m", "2", "a"),
                hash("n", "1", "a"));

        assertThat(hashes).doesNotHaveDuplicates().allMatch(hash -> hash.matches("[0-9a-f]{64}"));
        assertThat(hash("m", "1", "a", "b")).isEqualTo(hashes.get(0));
        assertThat(RowContent.ofText("m", "1", new RowText(List.of("", "")))).isEmpty();
    }

    @Test
    void aVectorIsBroughtToLengthOneWhereItsDirectionCounts() {
        assertThat(RowContent.ofVector(List.of(3f, 4f), 2, true).orElseThrow().vector())
                .hasValueSatisfying(vector -> assertThat(vector).containsExactly(0.6f, 0.8f));
        assertThat(RowContent.ofVector(List.of(3f, 4f), 2, false).orElseThrow().vector())
                .hasValueSatisfying(vector -> assertThat(vector).containsExactly(3f, 4f));
        assertThat(RowContent.ofVector(List.of(3f, 4f), 2, true).map(RowContent::sha256))
                .as("a change of the metric is a change of the content")
                .isNotEqualTo(RowContent.ofVector(List.of(3f, 4f), 2, false).map(RowContent::sha256));
    }

    @Test
    void whatIsNoVectorIsNoContent() {
        assertThat(RowContent.ofVector(List.of(1f), 2, false)).isEmpty();
        assertThat(RowContent.ofVector(Arrays.asList(1f, null), 2, false)).isEmpty();
        assertThat(RowContent.ofVector(List.of(1f, Float.NaN), 2, false)).isEmpty();
        assertThat(RowContent.ofVector(List.of(1f, Float.NEGATIVE_INFINITY), 2, false))
                .isEmpty();
        assertThat(RowContent.ofVector(List.of(0f, 0f), 2, true))
                .as("no direction")
                .isEmpty();
        assertThat(RowContent.ofVector(List.of(0f, 0f), 2, false)).isPresent();
    }

    private static String hash(String model, String version, String... parts) {
        Optional<RowContent> content = RowContent.ofText(model, version, new RowText(List.of(parts)));
        return content.orElseThrow().sha256();
    }
}
