package io.datapunk.ingest.format;

import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.lake.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A message as it stands in a mailbox: behind a {@code From } line, with {@code >} before lines of its own that begin with
 * {@code From }.
 *
 * @param bytes holds the message
 * @param from where its header begins
 * @param to behind its last byte
 * @param envelope the {@code From } line; empty where there is none
 */
record MboxFrame(byte[] bytes, int from, int to, String envelope) {
    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);

    static MboxFrame of(Frame frame) {
        byte[] bytes = frame.buffer();
        int from = frame.from();
        int to = frame.to();
        String envelope = "";
        if (startsWith(bytes, from, to, FROM)) {
            int end = from;
            while (end < to && bytes[end] != '\n') {
                end++;
            }
            envelope = new String(bytes, from, end - from, StandardCharsets.ISO_8859_1).strip();
            from = Math.min(end + 1, to);
        }
        return unquoted(bytes, from, to, envelope);
    }

    int length() {
        return to - from;
    }

    /** {@code From 1790@xxx Tue Feb 13 08:36:49 +0000 2024}: when the mailbox took the message. */
    Optional<EventTime> postmark() {
        return MailDates.postmark(envelope);
    }

    /** How many bytes the body has, whatever its line breaks are and however many end it. */
    long bodyBytes() {
        int start = bodyStart();
        int end = bodyEnd(start);
        long count = 0;
        for (int i = start; i < end; i++) {
            if (bytes[i] != '\r') {
                count++;
            }
        }
        return count;
    }

    /** SHA-256 of the body, hex. */
    String bodyHash() {
        MessageDigest digest = Sha256.digest();
        int start = bodyStart();
        digest.update(bytes, start, bodyEnd(start) - start);
        return HexFormat.of().formatHex(digest.digest());
    }

    private int bodyStart() {
        for (int i = from; i + 1 < to; i++) {
            if (bytes[i] == '\n'
                    && (bytes[i + 1] == '\n' || (i + 2 < to && bytes[i + 1] == '\r' && bytes[i + 2] == '\n'))) {
                return i + 2;
            }
        }
        return to;
    }

    private int bodyEnd(int start) {
        int end = to;
        while (end > start && (bytes[end - 1] == '\n' || bytes[end - 1] == '\r')) {
            end--;
        }
        return end;
    }

    private static MboxFrame unquoted(byte[] bytes, int from, int to, String envelope) {
        int first = nextQuoted(bytes, from, to);
        if (first < 0) {
            return new MboxFrame(bytes, from, to, envelope);
        }
        byte[] copy = new byte[to - from];
        int length = 0;
        int at = from;
        for (int quoted = first; quoted >= 0; quoted = nextQuoted(bytes, at, to)) {
            System.arraycopy(bytes, at, copy, length, quoted - at);
            length += quoted - at;
            at = quoted + 1;
            // The line's own further marks stay.
            copy[length++] = bytes[at++];
        }
        System.arraycopy(bytes, at, copy, length, to - at);
        return new MboxFrame(copy, 0, length + to - at, envelope);
    }

    /** Index of the first mark of the next line that is {@code >}, once or more, and {@code From }; or -1. */
    private static int nextQuoted(byte[] bytes, int from, int to) {
        for (int i = from; i < to; i++) {
            if (bytes[i] == '>' && i > 0 && bytes[i - 1] == '\n') {
                int behind = i + 1;
                while (behind < to && bytes[behind] == '>') {
                    behind++;
                }
                if (startsWith(bytes, behind, to, FROM)) {
                    return i;
                }
            }
        }
        return -1;
    }

    private static boolean startsWith(byte[] bytes, int from, int to, byte[] prefix) {
        if (to - from < prefix.length) {
            return false;
        }
        for (int i = 0; i < prefix.length; i++) {
            if (bytes[from + i] != prefix[i]) {
                return false;
            }
        }
        return true;
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
