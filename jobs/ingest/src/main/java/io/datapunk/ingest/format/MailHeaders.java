package io.datapunk.ingest.format;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.dom.address.Mailbox;
import org.apache.james.mime4j.field.address.LenientAddressParser;
import org.apache.james.mime4j.stream.Field;
import org.apache.james.mime4j.util.ByteSequence;

/** The header fields of a message that rows are made of, decoded: unfolded, RFC 2047 words, raw eight-bit text. */
final class MailHeaders {
    /** Fields that columns take, and those whose text tells more than the columns' addresses. */
    private static final Set<String> KEPT = Set.of(
            "from",
            "sender",
            "to",
            "cc",
            "bcc",
            "delivered-to",
            "reply-to",
            "date",
            "subject",
            "message-id",
            "in-reply-to",
            "references",
            "list-id",
            "x-gmail-labels",
            "x-gm-thrid");

    private static final List<String> DETAIL = List.of(
            "from", "sender", "to", "cc", "bcc", "reply-to", "in-reply-to", "references", "list-id", "delivered-to");

    private final Map<String, String> raw = new HashMap<>();
    private boolean empty = true;

    void take(Field field) {
        empty = false;
        String name = field.getName().toLowerCase(Locale.ROOT);
        if (KEPT.contains(name)) {
            ByteSequence bytes = field.getRaw();
            String text = bytes == null ? field.getBody() : unfolded(bytes);
            // Of a doubled address field all addresses count, of any other the first.
            raw.merge(name, text, (first, second) -> isList(name) ? first + ", " + second : first);
        }
    }

    boolean isEmpty() {
        return empty;
    }

    /** The decoded text; null where the field is missing or blank. */
    String text(String name) {
        String value = raw.get(name);
        return value == null ? null : Text.emptyToNull(decoded(value));
    }

    /** The first address of a field, or its text where that is no address; empty where the field is missing. */
    Optional<String> address(String name) {
        return addresses(name).stream().findFirst().or(() -> Optional.ofNullable(text(name)));
    }

    /** All addresses of some fields, in order, each once. */
    List<String> addresses(String... names) {
        Set<String> addresses = new LinkedHashSet<>();
        for (String name : names) {
            String value = raw.get(name);
            if (value != null) {
                for (Mailbox mailbox :
                        LenientAddressParser.DEFAULT.parseAddressList(value).flatten()) {
                    if (mailbox.getLocalPart() != null && mailbox.getDomain() != null) {
                        addresses.add(Text.storable(mailbox.getAddress()));
                    }
                }
            }
        }
        return new ArrayList<>(addresses);
    }

    /** The fields that hold names or threads, as canonical JSON; null where there are none. */
    String detail() {
        Detail detail = new Detail();
        for (String name : DETAIL) {
            detail.text(name, text(name));
        }
        return detail.toJson();
    }

    /** Gmail separates labels by commas and puts a label that holds one into quotes. */
    static List<String> labels(String header) {
        List<String> labels = new ArrayList<>();
        StringBuilder label = new StringBuilder();
        boolean quoted = false;
        String text = header == null ? "" : header + ",";
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"') {
                quoted = !quoted;
            } else if (c == ',' && (!quoted || i == text.length() - 1)) {
                String name = label.toString().strip();
                if (!name.isEmpty()) {
                    labels.add(name);
                }
                label.setLength(0);
            } else {
                label.append(c);
            }
        }
        return labels;
    }

    private static boolean isList(String name) {
        return name.equals("to") || name.equals("cc") || name.equals("bcc");
    }

    private static String decoded(String text) {
        String plain = text.contains("=?") ? DecoderUtil.decodeEncodedWords(text, DecodeMonitor.SILENT) : text;
        return Text.storable(plain).strip();
    }

    /** What stands behind the colon, without the line breaks of folding. */
    private static String unfolded(ByteSequence field) {
        byte[] bytes = field.toByteArray();
        int from = 0;
        while (from < bytes.length && bytes[from] != ':') {
            from++;
        }
        from++;
        byte[] plain = new byte[Math.max(0, bytes.length - from)];
        int length = 0;
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] != '\r' && bytes[i] != '\n') {
                plain[length++] = bytes[i];
            }
        }
        return Charsets.decode(plain, 0, length, null).strip();
    }
}
