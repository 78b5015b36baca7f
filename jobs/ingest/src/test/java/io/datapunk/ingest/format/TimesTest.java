package io.datapunk.ingest.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.datapunk.ingest.record.EventTime;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TimesTest {
    @ParameterizedTest
    @CsvSource({
        "2024-02-13T08:36:49Z, 2024-02-13T08:36:49Z, UTC",
        "2024-02-13T08:36:49.123456789Z, 2024-02-13T08:36:49.123456Z, UTC",
        "2024-02-13T08:36:49.1+05:30, 2024-02-13T03:06:49.1Z, +05:30",
        "2024-02-13T08:36:49-0330, 2024-02-13T12:06:49Z, -03:30",
        "2024-02-13 08:36:49 +0100, 2024-02-13T07:36:49Z, +01:00",
        "2024-02-29T23:59:59Z, 2024-02-29T23:59:59Z, UTC"
    })
    void isoTimesAreRead(String text, Instant instant, String zone) {
        assertThat(Times.isoOrEpoch(text)).isEqualTo(EventTime.exact(instant, zone));
    }

    @ParameterizedTest
    @CsvSource({
        "1742844232, 2025-03-24T19:23:52Z",
        "1742844302585, 2025-03-24T19:25:02.585Z",
        "1742844302585123, 2025-03-24T19:25:02.585123Z"
    })
    void theLengthOfANumberTellsItsUnit(String text, Instant instant) {
        assertThat(Times.isoOrEpoch(text)).isEqualTo(EventTime.exact(instant));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "12",
                "17428443025851234567",
                "2024-02-30T08:36:49Z",
                "2024-13-01T08:36:49Z",
                "2024-02-13T24:00:00Z",
                "2024-02-13T08:36:49",
                "2024-02-13T08:36:49.",
                "2024-02-13T08:36:49.Z",
                "2024-02-13T08:36:49 ",
                "2024-02-13T08:36:49+99:00",
                "2024-02-13T08:36:49Zulu"
            })
    void whatIsNoTimeIsNone(String text) {
        assertThat(Times.isoOrEpoch(text)).isNull();
    }

    @Property
    void whatJavaWritesIsReadBack(
            @ForAll @LongRange(min = -62_000_000_000L, max = 250_000_000_000L) long second,
            @ForAll @IntRange(min = 0, max = 999_999) int micros,
            @ForAll @IntRange(min = -18 * 60, max = 18 * 60) int offsetMinutes) {
        Instant instant = Instant.ofEpochSecond(second, micros * 1000L);
        OffsetDateTime local = instant.atOffset(ZoneOffset.ofTotalSeconds(offsetMinutes * 60));
        String text = local.getSecond() == 0 && local.getNano() == 0
                ? local.toString().replaceFirst("(T\\d\\d:\\d\\d)(?=[Z+-])", "$1:00")
                : local.toString();

        EventTime time = Times.iso(text);

        assertThat(time).isNotNull();
        assertThat(time.instant()).isEqualTo(instant);
        assertThat(time.epochMicros()).isEqualTo(second * 1_000_000 + micros);
    }
}
