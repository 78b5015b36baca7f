package io.datapunk.archive.backup.repository;

import io.datapunk.archive.segment.Compression;
import io.datapunk.archive.segment.SegmentReader;
import io.datapunk.archive.segment.SegmentWriter;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Encrypts small files that carry their own key. One line, {@code datapunk-backup-1 <id of the key of backups> <the file's
 * key, wrapped by it>}, then the content, compressed and encrypted under the file's name: changed by a bit, cut short or put
 * into another's place it does not open.
 */
final class SealedFile {
    private static final Pattern HEADER = Pattern.compile("datapunk-backup-1 ([0-9a-f]{32}) ([A-Za-z0-9+/]{80})\n");
    private static final int HEADER_BYTES = "datapunk-backup-1 ".length() + 32 + 1 + 80 + 1;
    private static final Compression COMPRESSION = new Compression(3, 20, 0);

    private SealedFile() {}

    static byte[] seal(String name, byte[] content, SegmentKeys keys) throws IOException {
        SegmentKeys.New key = keys.make(KeyOwner.BACKUP, name);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write("datapunk-backup-1 %s %s\n"
                .formatted(key.ownerKey(), key.wrapped())
                .getBytes(StandardCharsets.US_ASCII));
        try (SegmentWriter writer = new SegmentWriter(out, name, key.key(), COMPRESSION)) {
            writer.write(content, 0, content.length);
            writer.finish();
        }
        return out.toByteArray();
    }

    /** @throws IOException where it is not what was written under this name */
    static byte[] open(String name, byte[] file, SegmentKeys keys) throws IOException {
        Matcher header =
                HEADER.matcher(new String(file, 0, Math.min(file.length, HEADER_BYTES), StandardCharsets.ISO_8859_1));
        if (!header.matches()) {
            throw new IOException("it does not begin as a file of a backup does");
        }
        byte[] key;
        try {
            key = keys.open(KeyOwner.BACKUP, header.group(1), header.group(2), name);
        } catch (LakeException e) {
            throw new IOException(e.problem() + ": " + e.reason(), e);
        }
        try (InputStream in = SegmentReader.open(
                new ByteArrayInputStream(file, HEADER_BYTES, file.length - HEADER_BYTES), name, key)) {
            return in.readAllBytes();
        }
    }
}
