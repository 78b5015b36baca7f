package io.datapunk.ingest.format;

import io.datapunk.ingest.framing.Frame;
import io.datapunk.ingest.record.AcceptedRecord;
import io.datapunk.ingest.record.EventTime;
import io.datapunk.ingest.record.Identity;
import io.datapunk.ingest.record.Payload;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.message.DefaultBodyDescriptorBuilder;
import org.apache.james.mime4j.parser.MimeStreamParser;
import org.apache.james.mime4j.stream.MimeConfig;

/** The messages of a mailbox, each with the {@code From } line before it. Memory is bounded by the message's size. */
final class MailMessages implements FrameParser {
    private static final String FAMILY = "mail";

    /** Limits guard servers; here the framing bounds the message. */
    private static final MimeConfig LENIENT = new MimeConfig.Builder()
            .setMaxLineLen(-1)
            .setMaxHeaderLen(-1)
            .setMaxHeaderCount(-1)
            .setMaxContentLen(-1)
            .setMalformedHeaderStartsBody(false)
            .build();

    @Override
    public List<AcceptedRecord> parse(Frame frame, ParseContext context) throws Unusable, IOException {
        MboxFrame message = MboxFrame.of(frame);
        MailCollector mail = new MailCollector();
        MimeStreamParser parser = new MimeStreamParser(
                LENIENT, DecodeMonitor.SILENT, new DefaultBodyDescriptorBuilder(null, null, DecodeMonitor.SILENT));
        parser.setContentHandler(mail);
        parser.setContentDecoding(true);
        // A forwarded message is an attachment of this one, not another message of the mailbox.
        parser.setNoRecurse();
        try {
            parser.parse(new ByteArrayInputStream(message.bytes(), message.from(), message.length()));
        } catch (MimeException e) {
            throw new Unusable("mail-shape", "the message is no MIME message");
        }
        if (mail.headers().isEmpty()) {
            throw new Unusable("mail-shape", "the message has no header field");
        }
        return List.of(record(frame.position(), mail, message));
    }

    private static AcceptedRecord record(long position, MailCollector mail, MboxFrame message) {
        MailHeaders headers = mail.headers();
        Optional<EventTime> time = MailDates.parse(headers.text("date")).or(message::postmark);
        String messageId = messageId(headers.text("message-id"));
        String sender = headers.address("from").orElse(headers.address("sender").orElse(null));
        String subject = headers.text("subject");
        String mailbox = Text.orEmpty(
                headers.addresses("delivered-to").stream().findFirst().orElse(null));

        Payload.Message payload = new Payload.Message(
                headers.text("x-gm-thrid"),
                messageId,
                sender,
                headers.addresses("to", "cc", "bcc"),
                MailHeaders.labels(headers.text("x-gmail-labels")),
                subject,
                mail.text(),
                mail.attachments(),
                null,
                headers.detail());
        // Labels change between exports, and so does the way of unpacking the body: neither is part of the identity.
        List<String> fields = List.of(
                Text.orEmpty(messageId),
                Text.orEmpty(headers.text("date")),
                Text.orEmpty(sender),
                Text.orEmpty(subject),
                mailbox,
                messageId == null ? message.bodyHash() : Long.toString(message.bodyBytes()));
        String matchMaterial = messageId == null
                ? String.join("\n", fields)
                : messageId.toLowerCase(java.util.Locale.ROOT) + '\n' + mailbox;
        return new AcceptedRecord(position, time, new Identity(FAMILY, fields, false, matchMaterial), payload);
    }

    /** Without its angle brackets; null where there is none. */
    private static String messageId(String header) {
        if (header == null) {
            return null;
        }
        int open = header.indexOf('<');
        int close = header.indexOf('>', open + 1);
        return Text.emptyToNull((open >= 0 && close > open ? header.substring(open + 1, close) : header).strip());
    }
}
