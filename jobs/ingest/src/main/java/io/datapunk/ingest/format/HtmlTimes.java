package io.datapunk.ingest.format;

import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.ZoneCertainty;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads the times of exported pages, which follow the account's language: {@code Feb 13, 2024, 8:36:49 AM EET} with
 * whatever space before AM, {@code 13.02.2024, 08:36:49 MEZ}, {@code 13 févr. 2024, 08:36:49 CET},
 * {@code 2024/02/13 8:36:49 JST}. All have whole seconds.
 */
final class HtmlTimes {
    /** Pages before this day wrote no zone and meant UTC. */
    private static final Instant ZONES_WRITTEN_SINCE = Instant.parse("2018-06-01T00:00:00Z");

    private static final Pattern CLOCK = Pattern.compile(
            "(?<date>.{6,40}?),? (?:\\p{L}{1,4} )?(?<hour>\\d{1,2})[:.](?<minute>\\d{2})[:.](?<second>\\d{2})"
                    + "(?: ?(?<half>[AaPp])\\.? ?[Mm]\\.?)?(?: (?<zone>[\\p{Lu}][\\p{L}]{0,5}|(?:GMT|UTC)[+\\-\u2212][\\d:]{1,6}))?");
    private static final Pattern NUMBERS = Pattern.compile("(\\d{1,4})[./\\-] ?(\\d{1,2})[./\\-] ?(\\d{1,4})\\.?");
    private static final Pattern MONTH_FIRST = Pattern.compile("(\\p{L}+\\.?) (\\d{1,2}),? (\\d{4})");
    private static final Pattern DAY_FIRST =
            Pattern.compile("(\\d{1,2})\\.? (?:de )?(\\p{L}+\\.?)(?: de)? (\\d{4})(?: г\\.| р\\.)?");
    private static final Pattern YEAR_FIRST = Pattern.compile("(\\d{4})\\.? (\\p{L}+\\.?) (\\d{1,2})\\.?");

    private final ZoneAbbreviations zones = new ZoneAbbreviations();

    /**
     * Reads a time.
     *
     * @param exportedAt when the page was made, where that is known
     * @return empty for a text that is no time, or whose zone is unknown
     */
    Optional<EventTime> parse(String text, Optional<Instant> exportedAt) {
        String plain = Text.comparable(text.replace("\u200e", "").replace("\u200f", ""));
        if (plain.length() > 64 || plain.length() < 14) {
            return Optional.empty();
        }
        Matcher clock = CLOCK.matcher(plain);
        if (!clock.matches()) {
            return Optional.empty();
        }
        return local(clock).flatMap(local -> atZone(local, clock.group("zone"), exportedAt));
    }

    private Optional<LocalDateTime> local(Matcher clock) {
        int[] date = date(clock.group("date"));
        if (date == null) {
            return Optional.empty();
        }
        int hour = Integer.parseInt(clock.group("hour"));
        String half = clock.group("half");
        if (half != null) {
            if (hour < 1 || hour > 12) {
                return Optional.empty();
            }
            hour = hour % 12 + (half.toLowerCase(Locale.ROOT).equals("p") ? 12 : 0);
        }
        try {
            return Optional.of(LocalDateTime.of(
                    date[0],
                    date[1],
                    date[2],
                    hour,
                    Integer.parseInt(clock.group("minute")),
                    Integer.parseInt(clock.group("second"))));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private Optional<EventTime> atZone(LocalDateTime local, String zone, Optional<Instant> exportedAt) {
        if (zone == null) {
            boolean beforeZones =
                    exportedAt.map(at -> at.isBefore(ZONES_WRITTEN_SINCE)).orElse(false);
            return Optional.of(new EventTime(
                    local.toInstant(ZoneOffset.UTC),
                    Optional.empty(),
                    beforeZones ? ZoneCertainty.INFERRED : ZoneCertainty.AMBIGUOUS));
        }
        return zones.offset(zone, exportedAt)
                .map(found -> new EventTime(
                        local.toInstant(found.offset()),
                        Optional.of(
                                found.offset().equals(ZoneOffset.UTC)
                                        ? "UTC"
                                        : found.offset().getId()),
                        found.certainty()));
    }

    /** Year, month, day; null for a text that is no date. */
    private int[] date(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        if (numbers.matches()) {
            return numericDate(numbers.group(1), numbers.group(2), numbers.group(3));
        }
        Matcher monthFirst = MONTH_FIRST.matcher(text);
        if (monthFirst.matches()) {
            return namedDate(monthFirst.group(3), monthFirst.group(1), monthFirst.group(2));
        }
        Matcher dayFirst = DAY_FIRST.matcher(text);
        if (dayFirst.matches()) {
            return namedDate(dayFirst.group(3), dayFirst.group(2), dayFirst.group(1));
        }
        Matcher yearFirst = YEAR_FIRST.matcher(text);
        return yearFirst.matches() ? namedDate(yearFirst.group(1), yearFirst.group(2), yearFirst.group(3)) : null;
    }

    private int[] namedDate(String year, String month, String day) {
        OptionalInt number = Months.NAMES.month(month);
        return number.isEmpty() ? null : new int[] {Integer.parseInt(year), number.getAsInt(), Integer.parseInt(day)};
    }

    /** Year first (East Asia, Sweden, Hungary) or day first: pages that write the month first write its name. */
    private static int[] numericDate(String first, String second, String third) {
        if (first.length() == 4) {
            return new int[] {Integer.parseInt(first), Integer.parseInt(second), Integer.parseInt(third)};
        }
        return third.length() == 4
                ? new int[] {Integer.parseInt(third), Integer.parseInt(second), Integer.parseInt(first)}
                : null;
    }

    /** Loaded with the first page: an export without pages needs no language's names. */
    private static final class Months {
        static final MonthNames NAMES = new MonthNames();
    }
}
