package io.datapunk.lake.audit;

import io.datapunk.lake.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;

/**
 * The public half of a key that signs notes: {@code <name>+<id>+<Base64 of 0x01 and the Ed25519 key>}, as C2SP signed-note
 * has it. The id is the first four bytes of SHA-256 over name, line feed, 0x01 and key, so that no byte of it can be
 * changed unseen.
 */
record NoteVerifier(String name, String key) {
    static final byte ED25519 = 1;
    private static final int KEY_BYTES = 32;
    private static final int ID_BYTES = 4;

    /** What stands before the key in its X.509 form (RFC 8410, section 4). */
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    /** @param publicKey an Ed25519 key in its X.509 form */
    static NoteVerifier of(String name, PublicKey publicKey) {
        byte[] encoded = publicKey.getEncoded();
        byte[] key = new byte[1 + KEY_BYTES];
        key[0] = ED25519;
        System.arraycopy(encoded, encoded.length - KEY_BYTES, key, 1, KEY_BYTES);
        return new NoteVerifier(name, Base64.getEncoder().encodeToString(key));
    }

    /** Empty where a single byte of it is not as it was written. */
    static Optional<NoteVerifier> parse(String text) {
        String[] parts = text.split("\\+", 3);
        if (parts.length < 3 || parts[0].isEmpty()) {
            return Optional.empty();
        }
        NoteVerifier verifier = new NoteVerifier(parts[0], parts[2]);
        return decodeStrictly(parts[2])
                .filter(key -> key.length == 1 + KEY_BYTES && key[0] == ED25519)
                .filter(key -> verifier.toString().equals(text))
                .map(key -> verifier);
    }

    /** The first bytes of each signature by this key. */
    byte[] id() {
        MessageDigest digest = Sha256.digest();
        digest.update((name + "\n").getBytes(StandardCharsets.UTF_8));
        return Arrays.copyOf(digest.digest(Base64.getDecoder().decode(key)), ID_BYTES);
    }

    boolean verifies(byte[] text, byte[] signature) {
        try {
            Signature check = Signature.getInstance("Ed25519");
            check.initVerify(publicKey());
            check.update(text);
            return check.verify(signature);
        } catch (GeneralSecurityException e) {
            // So the JDK says of bytes that cannot be a signature or a key at all.
            return false;
        }
    }

    private PublicKey publicKey() throws GeneralSecurityException {
        byte[] raw = Base64.getDecoder().decode(key);
        byte[] encoded = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_BYTES);
        System.arraycopy(raw, 1, encoded, X509_PREFIX.length, KEY_BYTES);
        return KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(encoded));
    }

    /** Empty also where other Base64 would stand for the same bytes: Java's decoder takes it, and a change went unseen. */
    static Optional<byte[]> decodeStrictly(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            return Base64.getEncoder().encodeToString(bytes).equals(base64) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    @Override
    public String toString() {
        return name + "+" + HexFormat.of().formatHex(id()) + "+" + key;
    }
}
