package io.datapunk.tiering.heat;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A line of an S3 server access log, as far as heat needs it. The format is Amazon S3's published one: fields divided by
 * spaces, the time in brackets, three fields in quotes, {@code -} for nothing, newer fields at the end.
 *
 * @param key decoded
 * @param requester the caller's id or ARN, {@code -} for nobody known
 */
record S3LogLine(
        String bucket,
        Instant at,
        String remoteIp,
        String requester,
        String operation,
        String key,
        int status,
        String userAgent) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH);
    private static final int FIELDS = 17;
    private static final int NO_STATUS = 0;

    /**
     * Reads a line.
     *
     * @throws MalformedLineException with the reason, where it has another form
     */
    static S3LogLine parse(String text) throws MalformedLineException {
        List<String> fields = fields(text);
        if (fields.size() < FIELDS) {
            throw new MalformedLineException("has " + fields.size() + " fields, not " + FIELDS + " or more");
        }
        return new S3LogLine(
                fields.get(1),
                time(fields.get(2)),
                fields.get(3),
                fields.get(4),
                fields.get(6),
                decoded(fields.get(7)),
                status(fields.get(9)),
                fields.get(16));
    }

    /** Whether the request read an object, or asked for it. */
    boolean isRead() {
        return (operation.equals("REST.GET.OBJECT") || operation.equals("REST.HEAD.OBJECT"))
                && (status == 200 || status == 206);
    }

    private static Instant time(String text) throws MalformedLineException {
        try {
            return OffsetDateTime.parse(text, TIME).toInstant();
        } catch (DateTimeParseException e) {
            throw new MalformedLineException("has time '" + text + "', not as 06/Feb/2026:00:00:38 +0000");
        }
    }

    private static int status(String text) throws MalformedLineException {
        if (text.equals("-")) {
            return NO_STATUS;
        }
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new MalformedLineException("has HTTP status '" + text + "', not a number");
        }
    }

    /** Keys are encoded twice where the client had encoded them before. */
    private static String decoded(String key) {
        String decoded = key;
        for (int round = 0; round < 2 && decoded.indexOf('%') >= 0; round++) {
            try {
                decoded = URLDecoder.decode(decoded, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException notEncoded) {
                return decoded;
            }
        }
        return decoded;
    }

    /** A quoted field ends at a quote before a space: clients put quotes into their user agents. */
    private static List<String> fields(String text) throws MalformedLineException {
        List<String> fields = new ArrayList<>();
        int position = 0;
        while (position < text.length()) {
            char first = text.charAt(position);
            if (first == ' ') {
                position++;
                continue;
            }
            boolean enclosed = first == '"' || first == '[';
            int begin = enclosed ? position + 1 : position;
            int end = enclosed ? closing(text, begin, first == '[' ? ']' : '"') : space(text, begin);
            fields.add(text.substring(begin, end));
            position = enclosed ? end + 1 : end;
        }
        return fields;
    }

    private static int closing(String text, int begin, char mark) throws MalformedLineException {
        for (int end = text.indexOf(mark, begin); end >= 0; end = text.indexOf(mark, end + 1)) {
            if (end + 1 == text.length() || text.charAt(end + 1) == ' ') {
                return end;
            }
        }
        throw new MalformedLineException(
                "has a field that begins with " + text.charAt(begin - 1) + " and does not end");
    }

    private static int space(String text, int begin) {
        int end = text.indexOf(' ', begin);
        return end < 0 ? text.length() : end;
    }
}
