package io.datapunk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TypedValuesTest {
    @Test
    void whatIsJsonHasItsType() {
        Map<String, String> texts = Map.of(
                "count", "7",
                "share", "0.25",
                "dry_run", "false",
                "days", "[1, 2]",
                "limits", "{\"rows\": 3}",
                "quoted", "\"7\"");

        assertThat(TypedValues.parse(texts).byName())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "count",
                        7,
                        "share",
                        new BigDecimal("0.25"),
                        "dry_run",
                        false,
                        "days",
                        List.of(1, 2),
                        "limits",
                        Map.of("rows", 3),
                        "quoted",
                        "7"));
        assertThat(TypedValues.parse(Map.of("nothing", "null")).byName()).containsEntry("nothing", null);
    }

    @Test
    void allElseIsText() {
        for (String text : List.of("", "Ann", "2026-05-01", "007", "1 2", "[1", "NaN", "a=b", "{x}")) {
            assertThat(TypedValues.parse(Map.of("value", text)).byName()).containsExactly(Map.entry("value", text));
        }
    }

    @Test
    void theHashIsOfTheValuesInWhateverOrder() {
        Map<String, String> texts = new HashMap<>(Map.of("a", "1", "b", "{\"y\": 1, \"x\": 2}"));

        assertThat(TypedValues.parse(texts).hash())
                .isEqualTo(TypedValues.parse(Map.of("b", "{\"x\":2,\"y\":1}", "a", " 1"))
                        .hash())
                .isNotEqualTo(TypedValues.parse(Map.of("a", "\"1\"", "b", "{\"x\":2,\"y\":1}"))
                        .hash())
                .isEqualTo("966ca4f1dc02");
    }
}
