package io.datapunk.ingest.format;

import io.datapunk.ingest.record.EventTime;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** Reads the forms of time that JSON exports have. Each answers null for a text of another form. */
final class Times {
    /** Years outside are unit mistakes (milliseconds read as seconds) rather than events. */
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");

    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    private Times() {}

    /** {@code 2024-02-13T08:36:49.123Z}; any offset, up to nine decimals. */
    static EventTime iso(String text) {
        int length = text.length();
        if (length < 20
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || (text.charAt(10) != 'T' && text.charAt(10) != ' ')
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            return null;
        }
        int year = digits(text, 0, 4);
        int month = digits(text, 5, 7);
        int day = digits(text, 8, 10);
        int hour = digits(text, 11, 13);
        int minute = digits(text, 14, 16);
        int second = digits(text, 17, 19);
        if ((year | month | day | hour | minute | second) < 0 || hour > 23 || minute > 59 || second > 59) {
            return null;
        }
        int at = 19;
        int nanos = 0;
        if (text.charAt(at) == '.' || text.charAt(at) == ',') {
            int scale = 100_000_000;
            at++;
            int firstDigit = at;
            while (at < length && isDigit(text.charAt(at)) && scale > 0) {
                nanos += (text.charAt(at) - '0') * scale;
                scale /= 10;
                at++;
            }
            if (at == firstDigit || at == length) {
                return null;
            }
        }
        long epochSecond;
        try {
            epochSecond = LocalDate.of(year, month, day).toEpochDay() * 86_400 + hour * 3600L + minute * 60L + second;
        } catch (DateTimeException e) {
            return null;
        }
        if (text.charAt(at) == 'Z' && at + 1 == length) {
            return EventTime.exact(Instant.ofEpochSecond(epochSecond, nanos), "UTC");
        }
        ZoneOffset offset = offset(text.charAt(at) == ' ' ? text.substring(at + 1) : text.substring(at));
        return offset == null
                ? null
                : EventTime.exact(Instant.ofEpochSecond(epochSecond - offset.getTotalSeconds(), nanos), offset.getId());
    }

    private static ZoneOffset offset(String text) {
        try {
            char sign = text.isEmpty() ? 0 : text.charAt(0);
            return sign == '+' || sign == '-' ? ZoneOffset.of(text) : null;
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** ISO, or a whole number since 1970 whose unit its length tells: seconds, milliseconds or microseconds. */
    static EventTime isoOrEpoch(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isDigit(text.charAt(i))) {
                return iso(text);
            }
        }
        return switch (text.length()) {
            case 9, 10 -> epochSeconds(text);
            case 12, 13 -> epochMillis(text);
            case 15, 16 -> epochMicros(text);
            default -> null;
        };
    }

    static EventTime epochSeconds(String text) {
        return epoch(text, 1);
    }

    static EventTime epochMillis(String text) {
        return epoch(text, 1_000);
    }

    static EventTime epochMicros(String text) {
        return epoch(text, 1_000_000);
    }

    static EventTime epochNanos(String text) {
        return epoch(text, 1_000_000_000);
    }

    private static EventTime epoch(String text, long perSecond) {
        long value;
        try {
            value = Long.parseLong(text);
        } catch (NumberFormatException e) {
            return null;
        }
        Instant instant = Instant.ofEpochSecond(
                Math.floorDiv(value, perSecond), Math.floorMod(value, perSecond) * (1_000_000_000 / perSecond));
        return instant.isBefore(EARLIEST) || instant.isAfter(LATEST) ? null : EventTime.exact(instant);
    }

    private static int digits(String text, int from, int to) {
        int value = 0;
        for (int i = from; i < to; i++) {
            char c = text.charAt(i);
            if (!isDigit(c)) {
                return -1;
            }
            value = value * 10 + (c - '0');
        }
        return value;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
