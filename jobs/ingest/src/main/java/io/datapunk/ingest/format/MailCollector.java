package io.datapunk.ingest.format;

import io.datapunk.ingest.record.Attachment;
import io.datapunk.lake.model.Sha256;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.apache.james.mime4j.codec.DecodeMonitor;
import org.apache.james.mime4j.codec.DecoderUtil;
import org.apache.james.mime4j.message.MaximalBodyDescriptor;
import org.apache.james.mime4j.parser.AbstractContentHandler;
import org.apache.james.mime4j.stream.BodyDescriptor;
import org.apache.james.mime4j.stream.Field;

/** Walks through a message and keeps its header fields, its text, and the names and hashes of its attachments. */
final class MailCollector extends AbstractContentHandler {
    private final MailHeaders headers = new MailHeaders();
    private final List<Attachment> attachments = new ArrayList<>(0);
    private final StringBuilder plain = new StringBuilder();
    private final StringBuilder html = new StringBuilder();
    private final byte[] buffer = new byte[8192];
    private boolean hasText;
    private int parts;

    MailHeaders headers() {
        return headers;
    }

    List<Attachment> attachments() {
        return attachments;
    }

    /** The plain text; that of the HTML where there is none; null where there is neither. */
    String text() {
        String text = !hasText && html.length() > 0 ? HtmlText.of(html.toString()) : plain.toString();
        return Text.emptyToNull(Text.storable(text.replace("\r\n", "\n")).strip());
    }

    @Override
    public void startBodyPart() {
        parts++;
    }

    @Override
    public void field(Field field) {
        if (parts == 0) {
            headers.take(field);
        }
    }

    @Override
    public void body(BodyDescriptor descriptor, InputStream content) throws IOException {
        String type = descriptor.getMimeType() == null
                ? "text/plain"
                : descriptor.getMimeType().toLowerCase(Locale.ROOT);
        String name = fileName(descriptor);
        boolean attached = name != null || isAttached(descriptor);
        if (!attached && type.equals("text/plain")) {
            String text = text(descriptor, content);
            hasText = hasText || !text.isBlank();
            append(plain, text);
        } else if (!attached && type.equals("text/html")) {
            // The plain text says the same; decoding the page is what costs most in a mail without attachments.
            if (!hasText) {
                append(html, text(descriptor, content));
            }
        } else {
            attachments.add(attachment(name, type, content));
        }
    }

    private static void append(StringBuilder all, String text) {
        if (!all.isEmpty()) {
            all.append('\n');
        }
        all.append(text);
    }

    private String text(BodyDescriptor descriptor, InputStream content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            bytes.write(buffer, 0, read);
        }
        String declared = parameter(descriptor, "charset");
        return Charsets.decode(bytes.toByteArray(), 0, bytes.size(), declared);
    }

    private Attachment attachment(String name, String type, InputStream content) throws IOException {
        MessageDigest digest = Sha256.digest();
        long length = 0;
        for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
            digest.update(buffer, 0, read);
            length += read;
        }
        return new Attachment(name, type, length, HexFormat.of().formatHex(digest.digest()));
    }

    private static boolean isAttached(BodyDescriptor descriptor) {
        return descriptor instanceof MaximalBodyDescriptor full
                && "attachment".equalsIgnoreCase(full.getContentDispositionType());
    }

    private static String fileName(BodyDescriptor descriptor) {
        String name = descriptor instanceof MaximalBodyDescriptor full ? full.getContentDispositionFilename() : null;
        if (name == null) {
            name = parameter(descriptor, "name");
        }
        if (name != null && name.contains("=?")) {
            name = DecoderUtil.decodeEncodedWords(name, DecodeMonitor.SILENT);
        }
        return name == null ? null : Text.emptyToNull(Text.storable(name).strip());
    }

    private static String parameter(BodyDescriptor descriptor, String name) {
        return descriptor instanceof MaximalBodyDescriptor full
                ? full.getContentTypeParameters().get(name)
                : null;
    }
}
