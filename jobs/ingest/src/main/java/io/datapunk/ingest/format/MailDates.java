package io.datapunk.ingest.format;

import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.ZoneCertainty;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the dates of mail headers, and what programs write instead. */
final class MailDates {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");

    private static final String CLOCK = "(?<hour>\\d{1,2})[:.](?<minute>\\d{2})(?:[:.](?<second>\\d{2}))?";
    private static final Pattern HEADER = Pattern.compile(
            "(?:\\p{L}{2,9}\\.?,? ?)?(?<day>\\d{1,2})[ -](?<month>\\p{L}{3})\\p{L}*\\.?[ -](?<year>\\d{2,4}),? " + CLOCK
                    + "(?: ?(?<zone>[+-]\\d{4}|[A-Za-z]{1,5}))?(?: .*)?");
    private static final Pattern POSTMARK = Pattern.compile("From .*? ?\\p{L}{3} (?<month>\\p{L}{3}) (?<day>\\d{1,2}) "
            + CLOCK + " (?:(?<zone>[+-]\\d{4}|[A-Z]{1,5}) )?(?<year>\\d{4}).*");
    private static final ZoneAbbreviations ABBREVIATIONS = new ZoneAbbreviations();

    private MailDates() {}

    /** {@code Tue, 13 Feb 2024 09:36:49 +0100 (CET)}; empty for null and for what is no date. */
    static Optional<EventTime> parse(String header) {
        return header == null ? Optional.empty() : time(HEADER.matcher(folded(header)));
    }

    /** {@code From ann@example.org Tue Feb 13 08:36:49 +0000 2024}; without a zone it is UTC. */
    static Optional<EventTime> postmark(String line) {
        return time(POSTMARK.matcher(folded(line)));
    }

    private static String folded(String text) {
        String plain = Text.comparable(text);
        return plain.length() > 500 ? plain.substring(0, 500) : plain;
    }

    private static Optional<EventTime> time(Matcher date) {
        if (!date.matches()) {
            return Optional.empty();
        }
        int month = MONTHS.indexOf(date.group("month").toLowerCase(Locale.ROOT)) + 1;
        if (month == 0) {
            return Optional.empty();
        }
        int second = date.group("second") == null ? 0 : Integer.parseInt(date.group("second"));
        try {
            LocalDateTime local = LocalDateTime.of(
                    year(date.group("year")),
                    month,
                    Integer.parseInt(date.group("day")),
                    Integer.parseInt(date.group("hour")),
                    Integer.parseInt(date.group("minute")),
                    // A leap second has no instant of its own.
                    Math.min(second, 59));
            return Optional.of(atZone(local, date));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static EventTime atZone(LocalDateTime local, Matcher date) {
        String zone = date.group("zone");
        if (zone == null) {
            return new EventTime(local.toInstant(ZoneOffset.UTC), Optional.empty(), ZoneCertainty.AMBIGUOUS);
        }
        if (zone.equals("-0000")) {
            // RFC 5322: the instant is right, the place is not told.
            return EventTime.exact(local.toInstant(ZoneOffset.UTC));
        }
        if (!Character.isLetter(zone.charAt(0))) {
            ZoneOffset offset = ZoneOffset.of(zone);
            return EventTime.exact(local.toInstant(offset), name(offset));
        }
        // A mail's zone belongs to the mail's own day.
        Instant day = local.toInstant(ZoneOffset.UTC);
        return ABBREVIATIONS
                .offset(zone.equalsIgnoreCase("UT") ? "UTC" : zone, Optional.of(day))
                .map(found -> new EventTime(
                        local.toInstant(found.offset()), Optional.of(name(found.offset())), found.certainty()))
                .orElseGet(() -> new EventTime(day, Optional.empty(), ZoneCertainty.AMBIGUOUS));
    }

    private static String name(ZoneOffset offset) {
        return offset.equals(ZoneOffset.UTC) ? "UTC" : offset.getId();
    }

    /** Two digits: 50 to 99 are of the last century (RFC 5322); three count from 1900. */
    private static int year(String digits) {
        int year = Integer.parseInt(digits);
        return switch (digits.length()) {
            case 2 -> year < 50 ? 2000 + year : 1900 + year;
            case 3 -> 1900 + year;
            default -> year;
        };
    }
}
