package io.datapunk.ingest.sample;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import java.util.SplittableRandom;

/** A mailbox as Gmail exports it. Messages are functions of their number. */
final class MailSample {
    private static final DateTimeFormatter FROM_LINE = DateTimeFormatter.ofPattern(
                    "EEE MMM dd HH:mm:ss xx yyyy", Locale.US)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATE_HEADER = DateTimeFormatter.ofPattern(
                    "EEE, d MMM yyyy HH:mm:ss xx", Locale.US)
            .withZone(ZoneOffset.ofHours(1));
    private static final String[] LABELS = {
        "Inbox,Unread,Category Updates", "Sent", "Inbox,Important", "=?UTF-8?Q?Archiviert,Ge=C3=B6ffnet?=", "Spam"
    };

    private final long seed;
    private final byte[] noise;

    MailSample(long seed) {
        this.seed = seed;
        noise = new byte[1 << 18];
        new SplittableRandom(seed).nextBytes(noise);
    }

    /** All messages. */
    SampleManifest.Entry mailbox(OutputStream out, String path, Timeline timeline) throws IOException {
        for (int message = 0; message < timeline.events(); message++) {
            out.write(message(message, timeline.at(message), "\r\n"));
        }
        return new SampleManifest.Entry(path, timeline.events(), 0, 0);
    }

    /** Some of the messages again, as a label's own mailbox has them, with Unix line ends. */
    SampleManifest.Entry label(OutputStream out, String path, Timeline timeline, int every) throws IOException {
        long records = 0;
        for (int message = 0; message < timeline.events(); message += every) {
            out.write(message(message, timeline.at(message), "\n"));
            records++;
        }
        return new SampleManifest.Entry(path, records, 0, records);
    }

    private byte[] message(int number, Instant at, String end) {
        SplittableRandom random = new SplittableRandom(seed * 13 + number * 15_485_863L);
        SampleWords words = new SampleWords(random);
        String id = words.token(24);
        String sender = words.person();
        String recipient = words.person();
        String subject = words.phrase(3 + number % 4);
        StringBuilder text = new StringBuilder(4096);
        text.append("From ").append(1_600_000_000_000_000_000L + number).append("@xxx ");
        text.append(FROM_LINE.format(at)).append(end);
        header(text, "X-GM-THRID", String.valueOf(1_600_000_000_000_000_000L + number / 3), end);
        header(text, "X-Gmail-Labels", LABELS[number % LABELS.length], end);
        header(text, "Delivered-To", "ann@example.org", end);
        text.append("Received: by 2001:db8::").append(Integer.toHexString(number & 0xffff));
        text.append(" with SMTP id ").append(words.token(14)).append(";").append(end);
        text.append("        ").append(DATE_HEADER.format(at)).append(end);
        header(text, "Message-ID", "<" + id + "@mail.example.com>", end);
        header(text, "Date", DATE_HEADER.format(at), end);
        header(text, "From", encodedWord(sender, number) + " <" + address(sender) + ">", end);
        header(text, "To", encodedWord(recipient, number + 1) + " <" + address(recipient) + ">, ann@example.org", end);
        header(text, "Subject", encodedWord(subject, number), end);
        header(text, "MIME-Version", "1.0", end);
        String body = body(words, random, number, end);
        if (number % 7 == 3) {
            mixed(text, id, body, subject, random, end);
        } else if (number % 3 == 0) {
            alternative(text, "b_" + id, body, end);
        } else {
            header(text, "Content-Type", "text/plain; charset=\"UTF-8\"", end);
            header(text, "Content-Transfer-Encoding", "8bit", end);
            text.append(end).append(body);
        }
        text.append(end);
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static String body(SampleWords words, SplittableRandom random, int number, String end) {
        String body = words.paragraphs(4 + random.nextInt(16), end);
        // Text that begins like the separator of messages, quoted and unquoted
        return switch (number % 50) {
            case 7 -> body + end + ">From the harbour it is a short walk." + end;
            case 8 -> body + end + "From the harbour it is a short walk." + end;
            default -> body;
        };
    }

    private static void header(StringBuilder text, String name, String value, String end) {
        text.append(name).append(": ").append(value).append(end);
    }

    private void alternative(StringBuilder text, String boundary, String body, String end) {
        header(text, "Content-Type", "multipart/alternative; boundary=\"" + boundary + "\"", end);
        text.append(end).append("--").append(boundary).append(end);
        header(text, "Content-Type", "text/plain; charset=\"UTF-8\"", end);
        header(text, "Content-Transfer-Encoding", "base64", end);
        text.append(end).append(base64(body.getBytes(StandardCharsets.UTF_8), end));
        text.append("--").append(boundary).append(end);
        header(text, "Content-Type", "text/html; charset=\"UTF-8\"", end);
        header(text, "Content-Transfer-Encoding", "quoted-printable", end);
        text.append(end)
                .append("<div dir=3D\"ltr\">")
                .append(quotedPrintable(body, end))
                .append("</div>")
                .append(end);
        text.append("--").append(boundary).append("--").append(end);
    }

    private void mixed(
            StringBuilder text, String id, String body, String subject, SplittableRandom random, String end) {
        String boundary = "m_" + id;
        header(text, "Content-Type", "multipart/mixed;" + end + " boundary=\"" + boundary + "\"", end);
        text.append(end).append("--").append(boundary).append(end);
        alternative(text, "a_" + id, body, end);
        text.append("--").append(boundary).append(end);
        int bytes = 2_000 + random.nextInt(30_000);
        int from = random.nextInt(noise.length - bytes);
        header(text, "Content-Type", "application/pdf; name=\"" + encodedWord(subject, 0) + ".pdf\"", end);
        text.append("Content-Disposition: attachment;").append(end).append(" filename*=UTF-8''");
        text.append(percent(subject)).append(".pdf").append(end);
        header(text, "Content-Transfer-Encoding", "base64", end);
        byte[] attachment = java.util.Arrays.copyOfRange(noise, from, from + bytes);
        text.append(end).append(base64(attachment, end));
        text.append("--").append(boundary).append("--").append(end);
    }

    private static String address(String person) {
        return person.replaceAll("[^A-Za-z]", "").toLowerCase(Locale.ROOT) + "@example.com";
    }

    private static String encodedWord(String text, int number) {
        if (StandardCharsets.US_ASCII.newEncoder().canEncode(text)) {
            return text;
        }
        if (number % 2 == 0) {
            return "=?UTF-8?B?" + Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8)) + "?=";
        }
        Charset latin = StandardCharsets.ISO_8859_1;
        Charset charset = latin.newEncoder().canEncode(text) ? latin : StandardCharsets.UTF_8;
        StringBuilder word = new StringBuilder("=?").append(charset.name()).append("?Q?");
        for (byte octet : text.getBytes(charset)) {
            if (octet == ' ') {
                word.append('_');
            } else if (octet >= '0' && octet <= '9' || octet >= 'A' && octet <= 'Z' || octet >= 'a' && octet <= 'z') {
                word.append((char) octet);
            } else {
                hex(word.append('='), octet);
            }
        }
        return word.append("?=").toString();
    }

    private static String percent(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= 'A' && octet <= 'Z' || octet >= 'a' && octet <= 'z') {
                encoded.append((char) octet);
            } else {
                hex(encoded.append('%'), octet);
            }
        }
        return encoded.toString();
    }

    private static String quotedPrintable(String text, String end) {
        StringBuilder encoded = new StringBuilder(text.length() * 2);
        int column = 20;
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet == '\r') {
                continue;
            }
            if (octet == '\n') {
                encoded.append("<br>").append(end);
                column = 0;
                continue;
            }
            if (column > 70) {
                encoded.append('=').append(end);
                column = 0;
            }
            if (octet > ' ' && octet != '=' && octet < 127 || octet == ' ' && column < 69) {
                encoded.append((char) octet);
                column++;
            } else {
                hex(encoded.append('='), octet);
                column += 3;
            }
        }
        return encoded.toString();
    }

    private static void hex(StringBuilder text, byte octet) {
        text.append(Character.toUpperCase(Character.forDigit(octet >> 4 & 15, 16)));
        text.append(Character.toUpperCase(Character.forDigit(octet & 15, 16)));
    }

    private static String base64(byte[] bytes, String end) {
        return Base64.getMimeEncoder(76, end.getBytes(StandardCharsets.US_ASCII))
                        .encodeToString(bytes)
                + end;
    }
}
