package io.datapunk.analytics.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class KeyTemplateTest {
    private static final KeyTemplate TWO = KeyTemplate.parse("pattern:{signature}:{alert_type}");

    @Test
    void namesInBracesAreColumns() {
        assertThat(TWO.columns()).containsExactly("signature", "alert_type");
        assertThat(TWO.key("datapunk", Map.of("signature", "a1", "alert_type", "disk full")::get))
                .isEqualTo("datapunk:pattern:a1:disk%20full");
    }

    @Test
    void whatHasNoValueIsAnotherThingThanAnEmptyText() {
        Map<String, Object> values = new HashMap<>(Map.of("signature", ""));
        values.put("alert_type", null);

        assertThat(TWO.key("p", values::get)).isEqualTo("p:pattern:%:");
    }

    @Property(tries = 300)
    void differentValuesMakeDifferentKeys(
            @ForAll String one, @ForAll String two, @ForAll String three, @ForAll String four) {
        String first = TWO.key("p", Map.of("signature", one, "alert_type", two)::get);
        String second = TWO.key("p", Map.of("signature", three, "alert_type", four)::get);

        // What is no text in UTF-8 cannot be told apart.
        boolean isText = (one + two + three + four).chars().noneMatch(unit -> Character.isSurrogate((char) unit));
        if (isText) {
            assertThat(first.equals(second)).isEqualTo(one.equals(three) && two.equals(four));
        }
    }
}
