package io.datapunk.vectors.embed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class RowTextTest {
    @Test
    void theColumnsOfAGroupAreOneText() {
        assertThat(text("watched", "How rivers bend")).isEqualTo("watched How rivers bend");
        assertThat(text(null, "How rivers bend", null)).isEqualTo("How rivers bend");
        assertThat(text("  a\n\tb\u00a0c\u2003 d\0e ", " ", "f")).isEqualTo("a b c d e f");
        assertThat(text("<b>bold</b> & plain")).as("markup stays").isEqualTo("<b>bold</b> & plain");
        assertThat(text("family \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67"))
                .isEqualTo("family \uD83D\uDC68\u200D\uD83D\uDC69\u200D\uD83D\uDC67");
        assertThat(text("half\uD83D of a pair")).isEqualTo("half of a pair");
    }

    @Test
    void jsonIsItsValues() {
        assertThat(text("restart", """
                {"alert": "disk full", "used_percent": 97.5, "paged": true, "owner": null,
                 "hosts": ["db-1", "db-2"], "labels": {"team": "storage", "tiers": [1, 2]}}
                """))
                .isEqualTo("restart disk full used percent 97.5 paged true db-1 db-2 storage tiers 1 tiers 2");
        assertThat(text("[]", "{}")).isEmpty();
    }

    @Test
    void whatOnlyLooksLikeJsonIsText() {
        assertThat(text("[draft] budget")).isEqualTo("[draft] budget");
        assertThat(text("{\"a\": 1")).isEqualTo("{\"a\": 1");
        assertThat(text("[1] [2]")).isEqualTo("[1] [2]");
        assertThat(text("\"quoted\"")).isEqualTo("\"quoted\"");
    }

    @Test
    void aGroupWithoutValuesIsAnEmptyPart() {
        RowText one = RowText.of(List.of(Arrays.asList("restart", null), Arrays.asList(null, " ")));

        assertThat(one.parts()).containsExactly("restart", "");
        assertThat(one.text()).isEqualTo("restart\n");
        assertThat(one.isEmpty()).isFalse();
        assertThat(RowText.of(List.of(Arrays.asList((String) null), List.of(" ")))
                        .isEmpty())
                .isTrue();
    }

    @Test
    void aLongTextIsCut() {
        assertThat(text("ab ".repeat(1_000_000)).length()).isLessThanOrEqualTo(RowText.MOST_CHARACTERS);
        assertThat(text("x".repeat(RowText.MOST_CHARACTERS - 1) + "\uD83D\uDC68"))
                .as("not in the middle of a character")
                .isEqualTo("x".repeat(RowText.MOST_CHARACTERS - 1));
    }

    @Test
    void aSearchAsksEveryPart() {
        assertThat(RowText.asked(" full\ndisks ", 2).parts()).containsExactly("full disks", "full disks");
    }

    @Property(tries = 200)
    void aTextTellsItsParts(@ForAll List<List<String>> groups) {
        RowText row = RowText.of(groups);

        if (!groups.isEmpty()) {
            assertThat(RowText.parse(row.text())).isEqualTo(row);
        }
    }

    private static String text(String... values) {
        return RowText.of(List.of(Arrays.asList(values))).text();
    }
}
