package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CanonicalJsonTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{ \"b\" : 1 , \"a\" : [ 2 , { \"d\":1, \"c\":2 } ] } | {\"a\":[2,{\"c\":2,\"d\":1}],\"b\":1}",
                "{\"a\":1,\"a\":2} | {\"a\":1,\"a\":2}",
                "[1.0, 1e5, -0, 12345678901234567890123] | [1.0,1e5,-0,12345678901234567890123]",
                "\"\\u00e9\\/\\b\\u001f\\\"\\\\\" | \"é/\\u0008\\u001f\\\"\\\\\"",
                "[{},[],\"\",null,true,false] | [{},[],\"\",null,true,false]",
                "\"\\ud83d\\ude00 \\ud83d\" | \"😀 \\ud83d\"",
            })
    void equalDocumentsBecomeEqualTexts(String document, String canonical) throws IOException {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        try (JsonParser parser = Json.open(bytes, 0, bytes.length)) {
            parser.nextToken();
            assertThat(CanonicalJson.of(parser)).isEqualTo(canonical);
        }
    }
}
