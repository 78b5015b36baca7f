package io.datapunk.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.model.CanonicalRow;
import io.datapunk.lake.model.RowChecksum;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A checksum written today has to be found again by every later version: vectors that were not made by this code. */
class RowChecksumsTest {
    private static final HexFormat HEX = HexFormat.of();
    private final JsonNode golden = read();

    @TestFactory
    Stream<DynamicTest> rowsHaveTheirCanonicalBytesAndHash() {
        return rows(golden)
                .map(row -> DynamicTest.dynamicTest(row.get("row").asText(), () -> {
                    CanonicalRow canonical = new CanonicalRow();
                    put(canonical, row);
                    assertThat(HEX.formatHex(canonical.canonicalBytes()))
                            .isEqualTo(row.get("canonical").asText());

                    canonical.endRow();
                    assertThat(canonical.checksum().hex())
                            .isEqualTo(row.get("hash").asText());
                }));
    }

    @Test
    void sumIsModulo128BitsAndKeepsRowsThatStandTwice() {
        CanonicalRow once = new CanonicalRow();
        rows(golden).forEach(row -> {
            put(once, row);
            once.endRow();
        });

        RowChecksum sum = once.checksum();
        assertThat(sum.hex()).isEqualTo(golden.get("sum").asText());
        assertThat(sum.plus(sum).hex())
                .isEqualTo(golden.get("sum_of_each_row_twice").asText());
        assertThat(sum.plus(sum).rows()).isEqualTo(2 * golden.get("rows").size());
    }

    private static void put(CanonicalRow row, JsonNode vector) {
        for (JsonNode value : vector.get("values")) {
            Map.Entry<String, JsonNode> typed = value.fields().next();
            String text = typed.getValue().asText();
            switch (typed.getKey()) {
                case "null" -> row.putNull();
                case "boolean" -> row.putBoolean(typed.getValue().booleanValue());
                case "long" -> row.putLong(Long.parseLong(text));
                case "float" -> row.putFloat(Float.parseFloat(text));
                case "double" -> row.putDouble(Double.parseDouble(text));
                case "text" -> row.putText(text);
                case "bytes" -> row.putBytes(HEX.parseHex(text));
                case "timestamp_micros" -> row.putTimestampMicros(Long.parseLong(text));
                case "date_days" -> row.putDateDays(Integer.parseInt(text));
                case "decimal" -> row.putDecimal(new BigDecimal(text));
                case "begin_array" -> row.beginArray(typed.getValue().intValue());
                case "begin_map" -> row.beginMap(typed.getValue().intValue());
                case "begin_struct" -> row.beginStruct(typed.getValue().intValue());
                default -> throw new IllegalArgumentException(typed.getKey());
            }
        }
    }

    private static Stream<JsonNode> rows(JsonNode golden) {
        return StreamSupport.stream(golden.get("rows").spliterator(), false);
    }

    private static JsonNode read() {
        try {
            return new ObjectMapper()
                    .readTree(Path.of("contracts", "row-checksums.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
