package io.datapunk.archive.segment;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;

/**
 * Tink's streaming AES-256-GCM (AES256_GCM_HKDF_1MB, without a keyset's prefix): a stream cut short, put together anew or
 * changed by one bit does not decrypt, and what was decrypted before that place is known to be right.
 *
 * <p>Format (Tink, "AES-GCM-HKDF streaming"): a header of 40 bytes, namely 0x28, a salt of 32 bytes and a nonce prefix of 7;
 * then blocks that together with their tags of 16 bytes have 1 MiB each, the first one 40 bytes less, the last one what is
 * left. The stream's key is HKDF-SHA256 of the segment's key with that salt and, as info, the segment's name in ASCII; the
 * nonce of block <em>i</em> is the prefix, <em>i</em> as four bytes, big endian, and 0x01 for the last block, else 0x00.
 */
final class SegmentCipher {
    static final int KEY_BYTES = 32;
    static final int BLOCK_BYTES = 1 << 20;

    private final AesGcmHkdfStreaming cipher;
    private final byte[] name;

    SegmentCipher(byte[] key, String name) {
        if (key.length != KEY_BYTES) {
            throw new IllegalArgumentException("a segment's key has 32 bytes, this one " + key.length);
        }
        this.name = name.getBytes(StandardCharsets.US_ASCII);
        try {
            this.cipher = new AesGcmHkdfStreaming(key, "HmacSha256", KEY_BYTES, BLOCK_BYTES, 0);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM and HMAC-SHA-256", e);
        }
    }

    OutputStream encrypting(OutputStream out) throws IOException {
        try {
            return cipher.newEncryptingStream(out, name);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM takes any key of 32 bytes", e);
        }
    }

    /** The stream throws an {@link IOException} at the first block that is not what was written. */
    InputStream decrypting(InputStream in) throws IOException {
        try {
            return cipher.newDecryptingStream(in, name);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-GCM takes any key of 32 bytes", e);
        }
    }
}
