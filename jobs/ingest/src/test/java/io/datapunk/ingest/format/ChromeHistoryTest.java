package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Payload;
import io.datapunk.ingest.record.RejectedRecord;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ChromeHistoryTest {
    private static final String PATH = "Takeout/Chrome/History.json";

    @Test
    void aVisitHasItsMicrosecondsAndKeepsItsTransition() {
        AcceptedRecord row = Parsing.row(
                PATH,
                "{\"Browser History\":[{\"page_transition\":\"LINK\",\"title\":\"Tea\",\"url\":\"http://tea.example/\","
                        + "\"client_id\":\"c==\",\"time_usec\":1707813409123457}]}");

        assertThat(row.time()).contains(EventTime.exact(Instant.parse("2024-02-13T08:36:49.123457Z")));
        assertThat(row.payload())
                .isEqualTo(new Payload.Activity(
                        "Chrome",
                        "visited",
                        "Tea",
                        "http://tea.example/",
                        "{\"client_id\":\"c==\",\"page_transition\":\"LINK\"}",
                        null,
                        null,
                        null));
        assertThat(row.identity().canonicalFields())
                .containsExactly("Chrome", "Tea", "tea.example/", "1707813409123457");
    }

    @Test
    void otherListsOfTheFileBecomeRawDocuments() {
        List<AcceptedRecord> rows = Parsing.rows(
                PATH, "{\"Typed Url\":[{\"url\":\"http://tea.example/\",\"visits\":[1,2]}],\"Browser History\":[]}");

        assertThat(rows).hasSize(1);
        assertThat(rows.get(0).payload())
                .isEqualTo(new Payload.RawDocument(
                        "google.chrome-history#Typed Url", "{\"url\":\"http://tea.example/\",\"visits\":[1,2]}"));
        assertThat(rows.get(0).identity().occurrenceNumbered()).isTrue();
    }

    @Test
    void aVisitWithoutAddressOrTimeIsRejected() {
        assertThat(Parsing.reject(PATH, "{\"Browser History\":[{\"time_usec\":1}]}"))
                .extracting(RejectedRecord::reason)
                .isEqualTo("field 'url' is missing");
        assertThat(Parsing.reject(PATH, "{\"Browser History\":[{\"url\":\"x\",\"time_usec\":\"soon\"}]}"))
                .extracting(RejectedRecord::reason)
                .isEqualTo("field 'time_usec' is not microseconds since 1970");
    }
}
