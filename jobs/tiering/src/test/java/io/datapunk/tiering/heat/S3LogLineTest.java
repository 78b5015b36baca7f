package io.datapunk.tiering.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.datapunk.lake.model.PartitionName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class S3LogLineTest {
    private static final String MARCH = "lakes/one/tables/user_data/activity/month%3D2026-03/part-0.snappy.parquet";
    private static final S3Keys KEYS = new S3Keys("data", "lakes/one/tables/");

    @Test
    void aLineIsReadFieldByField() throws MalformedLineException {
        assertThat(S3LogLine.parse(line("REST.GET.OBJECT", MARCH, "206", "\"aws-cli/2.1 Python/3.9\"")))
                .isEqualTo(new S3LogLine(
                        "data",
                        Instant.parse("2026-03-25T09:07:38Z"),
                        "192.0.2.3",
                        "arn:aws:sts::123456789012:assumed-role/reader/ann",
                        "REST.GET.OBJECT",
                        "lakes/one/tables/user_data/activity/month=2026-03/part-0.snappy.parquet",
                        206,
                        "aws-cli/2.1 Python/3.9"));
    }

    @Test
    void aKeyThatTheClientHadEncodedIsDecodedTwice() throws MalformedLineException {
        assertThat(S3LogLine.parse(line("REST.GET.OBJECT", "a/month%253D2026-03/x%252520y.parquet", "200", "\"-\""))
                        .key())
                .isEqualTo("a/month=2026-03/x%20y.parquet");
    }

    @Test
    void aQuoteWithinAUserAgentDoesNotEndIt() throws MalformedLineException {
        S3LogLine line = S3LogLine.parse(line("REST.GET.OBJECT", MARCH, "200", "\"a \"strange\"agent\""));
        assertThat(line.userAgent()).isEqualTo("a \"strange\"agent");
    }

    @Test
    void anOlderLineWithoutTheNewFieldsIsRead() throws MalformedLineException {
        String line = line("REST.HEAD.OBJECT", MARCH, "200", "\"-\"");
        assertThat(S3LogLine.parse(line.substring(0, line.lastIndexOf("\"-\"") + 3))
                        .isRead())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    REST.GET.OBJECT  | 200 | true
                    REST.GET.OBJECT  | 206 | true
                    REST.HEAD.OBJECT | 200 | true
                    REST.GET.OBJECT  | 304 | false
                    REST.GET.OBJECT  | 403 | false
                    REST.GET.OBJECT  | -   | false
                    REST.PUT.OBJECT  | 200 | false
                    REST.GET.BUCKET  | 200 | false
                    REST.COPY.OBJECT_GET | 200 | false
                    """)
    void onlyWhatReadAnObjectIsARead(String operation, String status, boolean isRead) throws MalformedLineException {
        assertThat(S3LogLine.parse(line(operation, MARCH, status, "\"-\"")).isRead())
                .isEqualTo(isRead);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    owner data                         | has 2 fields, not 17 or more
                    owner data [25/Mar/2026:09:07:38   | has a field that begins with [ and does not end
                    """)
    void whatIsNoLineIsRefusedWithTheReason(String text, String reason) {
        assertThatThrownBy(() -> S3LogLine.parse(text)).hasMessage(reason);
    }

    @Test
    void aTimeOrStatusThatIsNoneIsRefused() {
        String line = line("REST.GET.OBJECT", MARCH, "ok", "\"-\"");
        assertThatThrownBy(() -> S3LogLine.parse(line)).hasMessage("has HTTP status 'ok', not a number");
        assertThatThrownBy(() -> S3LogLine.parse(line.replace("25/Mar/2026", "2026-03-25")))
                .hasMessage("has time '2026-03-25:09:07:38 +0000', not as 06/Feb/2026:00:00:38 +0000");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    data  | lakes/one/tables/user_data/activity/month=2026-03/part-0.parquet      | user_data.activity/month=2026-03
                    data  | lakes/one/tables/user_data/activity/cold/month=2026-03/part-0.parquet | user_data.activity/month=2026-03
                    data  | lakes/one/tables/user_data/activity/cold/gdpr/2026/month=2026-03/0.parquet | user_data.activity/month=2026-03
                    data  | lakes/one/tables/lake/users/part-0.parquet                            | lake.users
                    data  | lakes/one/tables/lake/users/_delta_log/0001.checkpoint.parquet        |
                    data  | lakes/one/tables/user_data/activity/_change_data/month=2026-03/c.parquet |
                    data  | lakes/one/tables/user_data/activity/month=2026-03/dv.bin              |
                    data  | lakes/one/tables/user_data/activity/archive/part-0.parquet            |
                    data  | lakes/two/tables/lake/users/part-0.parquet                            |
                    other | lakes/one/tables/lake/users/part-0.parquet                            |
                    data  | lakes/one/tables/part-0.parquet                                       |
                    """)
    void aKeyNamesItsPartition(String bucket, String key, String partition) {
        assertThat(KEYS.partition(bucket, key))
                .isEqualTo(Optional.ofNullable(partition).map(PartitionName::parse));
    }

    @Test
    void theKeysOfALakeFollowFromItsHome() {
        assertThat(S3Keys.of("s3a://data/lakes/one")).contains(KEYS);
        assertThat(S3Keys.of("s3a://data")).contains(new S3Keys("data", "tables/"));
        assertThat(S3Keys.of("/srv/lake")).isEmpty();
    }

    @Test
    void theLakesOwnRequestsAreNoAccesses() throws MalformedLineException {
        S3LogSource source = new S3LogSource("logs", KEYS, Set.of("arn:own"), List.of("datapunk-lake"));
        S3LogLine line = S3LogLine.parse(line("REST.GET.OBJECT", MARCH, "200", "\"aws-cli\""));
        assertThat(source.access(line).map(AccessLine::partition)).contains("user_data.activity/month=2026-03");
        assertThat(source.access(withRequester(line, "arn:own"))).isEmpty();
        assertThat(source.access(S3LogLine.parse(
                        line("REST.GET.OBJECT", MARCH, "200", "\"datapunk-lake, Hadoop 3.4.1 aws-sdk-java/2\""))))
                .isEmpty();
    }

    @Test
    void aCallerInAMinuteIsOneQuery() throws MalformedLineException {
        S3LogSource source = new S3LogSource("logs", KEYS, Set.of(), List.of());
        S3LogLine line = S3LogLine.parse(line("REST.GET.OBJECT", MARCH, "200", "\"-\""));
        String query = query(source, line);
        assertThat(query(source, at(line, "2026-03-25T09:07:01Z"))).isEqualTo(query);
        assertThat(query(source, at(line, "2026-03-25T09:08:00Z"))).isNotEqualTo(query);
        assertThat(query(source, withRequester(line, "bob"))).isNotEqualTo(query);
        assertThat(query).doesNotContain("192.0.2.3");
    }

    private static String query(S3LogSource source, S3LogLine line) {
        return source.access(line).orElseThrow().queryId().orElseThrow();
    }

    private static S3LogLine at(S3LogLine line, String at) {
        return new S3LogLine(
                line.bucket(),
                Instant.parse(at),
                line.remoteIp(),
                line.requester(),
                line.operation(),
                line.key(),
                line.status(),
                line.userAgent());
    }

    private static S3LogLine withRequester(S3LogLine line, String requester) {
        return new S3LogLine(
                line.bucket(),
                line.at(),
                line.remoteIp(),
                requester,
                line.operation(),
                line.key(),
                line.status(),
                line.userAgent());
    }

    /** Made up here, in the form that S3 documents. */
    static String line(String operation, String key, String status, String agent) {
        return "0owner0 data [25/Mar/2026:09:07:38 +0000] 192.0.2.3 arn:aws:sts::123456789012:assumed-role/reader/ann"
                + " 3E57427F3EXAMPLE " + operation + " " + key + " \"GET /" + key + " HTTP/1.1\" " + status
                + " - 512 4096 17 16 \"-\" " + agent + " - hostid= SigV4 ECDHE-RSA-AES128-GCM-SHA256 AuthHeader"
                + " data.s3.eu-central-1.amazonaws.com TLSV1.3 - -";
    }
}
