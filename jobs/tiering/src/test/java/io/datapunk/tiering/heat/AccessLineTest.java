package io.datapunk.tiering.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AccessLineTest {
    private static final Instant NOW = Instant.parse("2026-03-25T10:15:00Z");

    @Test
    void aLineReadsBackAsItWasWritten() throws MalformedLineException {
        AccessLine line = new AccessLine(
                Instant.parse("2026-03-25T09:00:00.123456Z"),
                "user_data.activity/*",
                "postgres",
                3,
                Optional.of("ann"),
                Optional.of("q-1"),
                List.of("kind", "month"));
        assertThat(AccessLine.parse(line.toJson(), NOW)).isEqualTo(line);
    }

    @Test
    void whatARecorderWritesIsOneAccess() throws MalformedLineException {
        assertThat(AccessLine.parse(
                        "{\"at\":\"2026-03-25T09:00:00Z\",\"partition\":\"user_data.activity/month=2026-01\","
                                + "\"origin\":\"spark\",\"principal\":\"ann\",\"query_id\":\"app-1\"}",
                        NOW))
                .isEqualTo(new AccessLine(
                        Instant.parse("2026-03-25T09:00:00Z"),
                        "user_data.activity/month=2026-01",
                        "spark",
                        1,
                        Optional.of("ann"),
                        Optional.of("app-1")));
    }

    @Test
    void filtersThatAreNoTextsAreLeftOut() throws MalformedLineException {
        assertThat(AccessLine.parse(
                                "{\"at\":\"2026-03-25T09:00:00Z\",\"partition\":\"a.b\",\"origin\":\"spark\","
                                        + "\"filters\":[\"kind\",1,null]}",
                                NOW)
                        .filters())
                .containsExactly("kind");
    }

    @Test
    void aClockThatIsMinutesAheadCountsAsNow() throws MalformedLineException {
        assertThat(AccessLine.parse(json("2026-03-25T10:19:00Z", "a.b", "spark", "1"), NOW)
                        .at())
                .isEqualTo(NOW);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    2026-03-25T10:21:00Z | a.b   | spark | 1    | has at 2026-03-25T10:21:00Z, in the future of 2026-03-25T10:15:00Z
                    2025-03-25T10:14:00Z | a.b   | spark | 1    | has at 2025-03-25T10:14:00Z, more than 365 d before 2026-03-25T10:15:00Z
                    yesterday            | a.b   | spark | 1    | has at 'yesterday', not an ISO-8601 time in UTC
                    2026-03-25T10:00:00Z | A.b   | spark | 1    | has partition 'A.b': it has to match [a-z][a-z0-9_]{0,62}
                    2026-03-25T10:00:00Z | a.b   | ftp   | 1    | has origin 'ftp', not one of spark, postgres, s3, import
                    2026-03-25T10:00:00Z | a.b   | spark | 0    | has accesses 0, not a whole number from 1
                    2026-03-25T10:00:00Z | a.b   | spark | 1.5  | has accesses 1.5, not a whole number from 1
                    """)
    void aLineThatSaysNothingUsableIsRefusedWithTheReason(
            String at, String partition, String origin, String accesses, String reason) {
        assertThatThrownBy(() -> AccessLine.parse(json(at, partition, origin, accesses), NOW))
                .hasMessage(reason);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    {"at":"2026-03-25T10:00:00Z" | is not JSON
                    [1]                          | is not a JSON object
                    {}                           | has no text in 'partition'
                    """)
    void aTornLineIsRefused(String text, String reason) {
        assertThatThrownBy(() -> AccessLine.parse(text, NOW)).hasMessageStartingWith(reason);
    }

    private static String json(String at, String partition, String origin, String accesses) {
        return "{\"at\":\"%s\",\"partition\":\"%s\",\"origin\":\"%s\",\"accesses\":%s}"
                .formatted(at, partition, origin, accesses);
    }
}
