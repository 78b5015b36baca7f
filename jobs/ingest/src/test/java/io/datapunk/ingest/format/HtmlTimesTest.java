package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.ZoneCertainty;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HtmlTimesTest {
    private static final Optional<Instant> WINTER = Optional.of(Instant.parse("2024-02-20T00:00:00Z"));
    private static final Optional<Instant> SUMMER = Optional.of(Instant.parse("2024-07-20T00:00:00Z"));

    private final HtmlTimes times = new HtmlTimes();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Feb 13, 2024, 8:36:49\u202fAM EET | 2024-02-13T06:36:49Z | +02:00 | INFERRED",
                "Feb 13, 2024, 12:00:00 AM UTC     | 2024-02-13T00:00:00Z | UTC    | EXACT",
                "Feb 13, 2024, 12:00:00 PM GMT     | 2024-02-13T12:00:00Z | UTC    | EXACT",
                "13 Feb 2024, 20:36:49 GMT+05:30   | 2024-02-13T15:06:49Z | +05:30 | EXACT",
                "13.02.2024, 08:36:49 MEZ          | 2024-02-13T07:36:49Z | +01:00 | INFERRED",
                "13 févr. 2024, 08:36:49 CET       | 2024-02-13T07:36:49Z | +01:00 | INFERRED",
                "13 feb 2024, 8:36:49 CET          | 2024-02-13T07:36:49Z | +01:00 | INFERRED",
                "13 feb. 2024 08:36:49 CET         | 2024-02-13T07:36:49Z | +01:00 | INFERRED",
                "13 de fev. de 2024, 08:36:49 BRT  | 2024-02-13T11:36:49Z | -03:00 | INFERRED",
                "13/02/2024, 08:36:49 CET          | 2024-02-13T07:36:49Z | +01:00 | INFERRED",
                "2024/02/13 8:36:49 JST            | 2024-02-12T23:36:49Z | +09:00 | INFERRED",
                "13 Sept 2023, 08:36:49 GMT        | 2023-09-13T08:36:49Z | UTC    | EXACT",
                "Sep 10, 2019, 8:51:45 PM PST      | 2019-09-11T04:51:45Z | -08:00 | AMBIGUOUS",
                "Feb 13, 2024, 8:36:49 AM CST      | 2024-02-13T14:36:49Z | -06:00 | AMBIGUOUS",
            })
    void formsOfManyLanguagesAreRead(String text, Instant instant, String zone, ZoneCertainty certainty) {
        assertThat(times.parse(text, WINTER)).contains(new EventTime(instant, Optional.of(zone), certainty));
    }

    @Test
    void exportsWriteAllTimesInTheOffsetOfTheirOwnDay() {
        EventTime inWinter = times.parse("Jan 15, 2021, 5:54:12 PM GMT", WINTER).orElseThrow();
        EventTime inSummer = times.parse("Jan 15, 2021, 6:54:12 PM BST", SUMMER).orElseThrow();

        assertThat(inSummer.instant()).isEqualTo(inWinter.instant()).isEqualTo(Instant.parse("2021-01-15T17:54:12Z"));
    }

    @Test
    void theDayOfTheExportExcludesMeaningsThatNobodyWroteThen() {
        EventTime london = times.parse("Jul 1, 2024, 1:00:00 PM BST", WINTER).orElseThrow();
        EventTime dhaka =
                times.parse("Jul 1, 2024, 1:00:00 PM BST", Optional.empty()).orElseThrow();

        // In February nobody in London writes BST; Dhaka always does.
        assertThat(london)
                .isEqualTo(new EventTime(
                        Instant.parse("2024-07-01T07:00:00Z"), Optional.of("+06:00"), ZoneCertainty.INFERRED));
        assertThat(dhaka)
                .isEqualTo(new EventTime(
                        Instant.parse("2024-07-01T12:00:00Z"), Optional.of("+01:00"), ZoneCertainty.AMBIGUOUS));
    }

    @Test
    void withoutAZoneOldPagesMeanUtcAndNewOnesAreAmbiguous() {
        String text = "Jun 23, 2015, 2:43:45 PM";
        Instant instant = Instant.parse("2015-06-23T14:43:45Z");

        assertThat(times.parse(text, Optional.of(Instant.parse("2016-01-01T00:00:00Z"))))
                .contains(new EventTime(instant, Optional.empty(), ZoneCertainty.INFERRED));
        assertThat(times.parse(text, WINTER))
                .contains(new EventTime(instant, Optional.empty(), ZoneCertainty.AMBIGUOUS));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "yesterday",
                "Feb 30, 2024, 8:36:49 AM UTC",
                "Feb 13, 2024, 13:36:49 PM UTC",
                "Foo 13, 2024, 8:36:49 AM UTC",
                "Feb 13, 2024, 8:36:49 AM XYZQ",
                "Feb 13, 2024",
                "watched at 8:36:49 and 9:36:49 on Feb 13, 2024"
            })
    void whatIsNoTimeIsNone(String text) {
        assertThat(times.parse(text, WINTER)).isEmpty();
    }
}
