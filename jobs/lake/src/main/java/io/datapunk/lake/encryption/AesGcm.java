package io.datapunk.lake.encryption;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Wraps keys by AES-256-GCM: Base64 of a random nonce of 12 bytes, the encrypted key, and the tag of 16 bytes. What a key
 * is for is authenticated with it, so that none can be put in another's place.
 */
final class AesGcm {
    static final int KEY_BYTES = 32;

    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private AesGcm() {}

    static byte[] newKey() {
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        return key;
    }

    static String wrap(byte[] key, Key by, String purpose) {
        byte[] nonce = new byte[NONCE_BYTES];
        new SecureRandom().nextBytes(nonce);
        try {
            byte[] sealed = cipher(Cipher.ENCRYPT_MODE, by, nonce, purpose).doFinal(key);
            byte[] whole = Arrays.copyOf(nonce, nonce.length + sealed.length);
            System.arraycopy(sealed, 0, whole, nonce.length, sealed.length);
            return Base64.getEncoder().encodeToString(whole);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + TRANSFORMATION, e);
        }
    }

    /** @throws AEADBadTagException where another key wrapped it, for another purpose, or where it was changed */
    static byte[] unwrap(String wrapped, Key by, String purpose) throws AEADBadTagException {
        byte[] whole;
        try {
            whole = Base64.getDecoder().decode(wrapped);
        } catch (IllegalArgumentException e) {
            throw badTag("it is not Base64", e);
        }
        if (whole.length <= NONCE_BYTES) {
            throw badTag("it is " + whole.length + " bytes long", null);
        }
        try {
            return cipher(Cipher.DECRYPT_MODE, by, Arrays.copyOf(whole, NONCE_BYTES), purpose)
                    .doFinal(whole, NONCE_BYTES, whole.length - NONCE_BYTES);
        } catch (AEADBadTagException e) {
            throw e;
        } catch (GeneralSecurityException e) {
            throw badTag(e.getMessage(), e);
        }
    }

    private static AEADBadTagException badTag(String reason, Exception cause) {
        AEADBadTagException exception = new AEADBadTagException(reason);
        exception.initCause(cause);
        return exception;
    }

    private static Cipher cipher(int mode, Key by, byte[] nonce, String purpose) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(mode, by, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(purpose.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }
}
