package io.datapunk.ingest.record;

import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * Makes the keys {@code id} and {@code match_key}: the first 128 bits of SHA-256 as 32 hex digits. Golden vectors stand in
 * {@code tests/contracts/record-keys.json}.
 *
 * <p>The hash runs over: one byte of key version; one byte of kind ({@code 1} id, {@code 2} match key); then each text as
 * the length of its UTF-8 bytes (four bytes, big-endian) and those bytes: user, dataset, and for an id the family, the
 * number of fields (four bytes) and the fields, for a match key the material. The id of a later occurrence is a hash over
 * key version, kind {@code 3}, the 16 bytes of the first one's id and the occurrence (eight bytes): counting changes no id
 * of records that occur once, and needs no field of the record.
 *
 * <p>Not for use by several threads.
 */
public final class RecordKeys {
    /** The version that new rows get. */
    public static final int VERSION = 1;

    private static final byte ID = 1;
    private static final byte MATCH = 2;
    private static final byte OCCURRENCE = 3;
    private static final int KEY_BYTES = 16;

    /** What one huge document needed is not kept for the rest of the run. */
    private static final int KEPT_BYTES = 1 << 20;

    private final MessageDigest digest = Sha256.digest();
    private byte[] material = new byte[512];
    private int length;

    /**
     * The key of a record.
     *
     * @param keyVersion 1 to 255
     * @param occurrence how many equal records stand before it in its entry; 0 for identities that are not numbered
     */
    public String id(
            int keyVersion, String userId, DatasetName dataset, String family, List<String> fields, long occurrence) {
        begin(keyVersion, ID);
        text(userId);
        text(dataset.toString());
        text(family);
        number(fields.size(), Integer.BYTES);
        for (String field : fields) {
            text(field);
        }
        return occurrence(keyVersion, key(), occurrence);
    }

    /** The key of a record's first occurrence with the current version. */
    public String id(String userId, DatasetName dataset, Identity identity) {
        return id(VERSION, userId, dataset, identity.sourceFamily(), identity.canonicalFields(), 0);
    }

    /**
     * The key of another occurrence of a record with the current version.
     *
     * @param first the key of its first occurrence
     * @param occurrence how many equal records stand before it in its entry; 0 gives {@code first}
     */
    public String occurrence(String first, long occurrence) {
        return occurrence(VERSION, first, occurrence);
    }

    private String occurrence(int keyVersion, String first, long occurrence) {
        if (occurrence == 0) {
            return first;
        }
        begin(keyVersion, OCCURRENCE);
        for (byte part : HexFormat.of().parseHex(first)) {
            append(part);
        }
        number(occurrence, Long.BYTES);
        return key();
    }

    /** The coarse key that records of one event share. */
    public String matchKey(int keyVersion, String userId, DatasetName dataset, String matchMaterial) {
        begin(keyVersion, MATCH);
        text(userId);
        text(dataset.toString());
        text(matchMaterial);
        return key();
    }

    /** The coarse key with the current version. */
    public String matchKey(String userId, DatasetName dataset, Identity identity) {
        return matchKey(VERSION, userId, dataset, identity.matchMaterial());
    }

    private void begin(int keyVersion, byte kind) {
        if (keyVersion < 1 || keyVersion > 255) {
            throw new IllegalArgumentException("key version %d must be 1 to 255".formatted(keyVersion));
        }
        length = 0;
        append((byte) keyVersion);
        append(kind);
    }

    private void text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number(bytes.length, Integer.BYTES);
        ensure(bytes.length);
        System.arraycopy(bytes, 0, material, length, bytes.length);
        length += bytes.length;
    }

    private void number(long value, int bytes) {
        for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
            append((byte) (value >>> shift));
        }
    }

    private void append(byte value) {
        ensure(1);
        material[length++] = value;
    }

    private void ensure(int more) {
        if (material.length - length < more) {
            material = Arrays.copyOf(material, Math.max(2 * material.length, Math.addExact(length, more)));
        }
    }

    private String key() {
        digest.update(material, 0, length);
        if (material.length > KEPT_BYTES) {
            material = new byte[512];
        }
        return HexFormat.of().formatHex(digest.digest(), 0, KEY_BYTES);
    }
}
