package io.datapunk.contracts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.ingest.record.RecordKeys;
import io.datapunk.lake.model.DatasetName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A key written today has to be found again by every later version: vectors that were not made by this code. */
class RecordKeysTest {
    private final JsonNode golden = read();

    @TestFactory
    Stream<DynamicTest> recordsHaveTheirId() {
        return each(golden.get("ids"), vector -> {
            List<String> fields = StreamSupport.stream(vector.get("fields").spliterator(), false)
                    .map(JsonNode::asText)
                    .toList();

            assertThat(new RecordKeys()
                            .id(
                                    vector.get("key_version").intValue(),
                                    vector.get("user_id").asText(),
                                    DatasetName.parse(vector.get("dataset").asText()),
                                    vector.get("family").asText(),
                                    fields,
                                    Long.parseLong(vector.get("occurrence").asText())))
                    .isEqualTo(vector.get("id").asText());
        });
    }

    @TestFactory
    Stream<DynamicTest> eventsHaveTheirMatchKey() {
        return each(golden.get("match_keys"), vector -> assertThat(new RecordKeys()
                        .matchKey(
                                vector.get("key_version").intValue(),
                                vector.get("user_id").asText(),
                                DatasetName.parse(vector.get("dataset").asText()),
                                vector.get("material").asText()))
                .isEqualTo(vector.get("match_key").asText()));
    }

    private static Stream<DynamicTest> each(JsonNode vectors, java.util.function.Consumer<JsonNode> check) {
        return StreamSupport.stream(vectors.spliterator(), false)
                .map(vector -> DynamicTest.dynamicTest(vector.get("record").asText(), () -> check.accept(vector)));
    }

    private static JsonNode read() {
        try {
            return new ObjectMapper()
                    .readTree(Path.of("contracts", "record-keys.json").toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
