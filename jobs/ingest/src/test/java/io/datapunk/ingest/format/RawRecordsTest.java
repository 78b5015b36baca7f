package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Identity;
import io.datapunk.ingest.record.ParsedRecord;
import io.datapunk.ingest.record.Payload.RawDocument;
import io.datapunk.ingest.record.RejectedRecord;
import java.nio.charset.Charset;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class RawRecordsTest {
    @Test
    void anUnknownDocumentIsKeptWholeAndDatedByAFieldThatSaysSo() {
        AcceptedRecord row = Parsing.row(
                "Takeout/Keep/Shopping.json",
                "{\"title\":\"Tea\",\"listContent\":[{\"text\":\"green\"}],\"userEditedTimestampUsec\":1707813409123456}");

        assertThat(row.payload())
                .isEqualTo(
                        new RawDocument(
                                "Keep/Shopping",
                                "{\"listContent\":[{\"text\":\"green\"}],\"title\":\"Tea\",\"userEditedTimestampUsec\":1707813409123456}"));
        assertThat(row.time()).contains(EventTime.exact(Instant.parse("2024-02-13T08:36:49.123456Z")));
        assertThat(row.identity())
                .isEqualTo(new Identity(
                        "raw",
                        List.of("Keep/Shopping", ((RawDocument) row.payload()).document()),
                        true,
                        "Keep/Shopping\n" + ((RawDocument) row.payload()).document()));
    }

    @Test
    void elementsOfAListAreRecordsOfTheirOwnAndPartsOfASeriesAreOneKind() {
        List<AcceptedRecord> rows = Parsing.rows(
                "Takeout/Fit/All Data/steps(1).json",
                "{\"Data Points\":[{\"startTimeNanos\":1000},{\"b\":2}],\"Data Source\":\"x\"}");

        assertThat(rows)
                .extracting(AcceptedRecord::payload)
                .containsExactly(
                        new RawDocument("All Data/steps#Data Points", "{\"startTimeNanos\":1000}"),
                        new RawDocument("All Data/steps#Data Points", "{\"b\":2}"),
                        new RawDocument("All Data/steps#Data Source", "\"x\""));
        assertThat(rows.get(0).time()).contains(EventTime.exact(Instant.parse("1970-01-01T00:00:00.000001Z")));
    }

    @Test
    void linesAreRecordsAndABrokenOneIsRejectedAlone() {
        List<ParsedRecord> records = Parsing.parse("activity.json", "{\"b\":1,\"a\":2}\n{\"c\":\n{\"d\":3}\n");

        assertThat(((AcceptedRecord) records.get(0)).payload())
                .isEqualTo(new RawDocument("activity", "{\"a\":2,\"b\":1}"));
        assertThat((RejectedRecord) records.get(1))
                .extracting(RejectedRecord::check, RejectedRecord::byteFrom, RejectedRecord::byteTo)
                .containsExactly("json", 14L, 19L);
        assertThat(((AcceptedRecord) records.get(2)).payload()).isEqualTo(new RawDocument("activity", "{\"d\":3}"));
    }

    @Test
    void csvRecordsAreObjectsByTheHeadersNames() {
        List<AcceptedRecord> rows = Parsing.rows(
                "Takeout/Saved/Places.csv",
                "Title,Note,Title,created\r\nTea,\"a,\r\n\"\"b\"\"\",x,2024-02-13T08:36:49Z\r\nWater,,,\r\n");

        assertThat(rows)
                .extracting(AcceptedRecord::payload)
                .containsExactly(
                        new RawDocument(
                                "Saved/Places",
                                "{\"Note\":\"a,\\r\\n\\\"b\\\"\",\"Title\":\"Tea\",\"Title(1)\":\"x\",\"created\":\"2024-02-13T08:36:49Z\"}"),
                        new RawDocument(
                                "Saved/Places",
                                "{\"Note\":\"\",\"Title\":\"Water\",\"Title(1)\":\"\",\"created\":\"\"}"));
        assertThat(rows.get(0).time()).contains(EventTime.exact(Instant.parse("2024-02-13T08:36:49Z"), "UTC"));
        assertThat(rows.get(1).time()).isEmpty();
    }

    @Test
    void aPreambleIsKeptAndIsNoHeader() {
        List<AcceptedRecord> rows =
                Parsing.rows("Connections.csv", "Notes:\n\"About this, and that\"\n\nFirst Name,Last Name\nAnn,Tea\n");

        assertThat(rows.get(rows.size() - 1).payload())
                .isEqualTo(new RawDocument("Connections", "{\"First Name\":\"Ann\",\"Last Name\":\"Tea\"}"));
        assertThat(rows).extracting(row -> ((RawDocument) row.payload()).kind()).contains("Connections#preamble");
    }

    @Test
    void aRecordThatIsWiderThanItsHeaderIsRejected() {
        List<ParsedRecord> records = Parsing.parse("x.csv", "a,b\n1,2\n1,2,3\n");

        assertThat(((RejectedRecord) records.get(1)).reason()).isEqualTo("the record has 3 fields, the header 2");
    }

    @Test
    void csvInAnOldCharacterSetIsDecoded() {
        byte[] csv = "Name;Ort\nJörg Müller;Köln\nÄnne Größe;Düsseldorf\n".getBytes(Charset.forName("windows-1252"));

        assertThat(Parsing.accepted(Parsing.parse("x.zip", "x.csv", csv)).get(0).payload())
                .isEqualTo(new RawDocument("x", "{\"Name\":\"Jörg Müller\",\"Ort\":\"Köln\"}"));
    }
}
