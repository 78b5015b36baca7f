package io.datapunk.lake.audit;

import io.datapunk.lake.model.Sha256;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/** A hash of a Merkle tree by SHA-256, made as RFC 9162, section 2.1.1 (as RFC 6962, section 2.1), has it. */
final class TreeHash {
    static final int BYTES = 32;

    /** The root of a tree without leaves: the hash of nothing. */
    static final TreeHash OF_NOTHING = new TreeHash(Sha256.digest().digest());

    // Leaves and inner nodes are hashed under different prefixes, so that none can be given out for the other.
    private static final byte LEAF = 0;
    private static final byte NODE = 1;

    private final byte[] bytes;

    private TreeHash(byte[] bytes) {
        this.bytes = bytes;
    }

    static TreeHash ofLeaf(byte[] data) {
        MessageDigest digest = Sha256.digest();
        digest.update(LEAF);
        return new TreeHash(digest.digest(data));
    }

    static TreeHash ofNode(TreeHash left, TreeHash right) {
        MessageDigest digest = Sha256.digest();
        digest.update(NODE);
        digest.update(left.bytes);
        return new TreeHash(digest.digest(right.bytes));
    }

    /** The {@code index}th of hashes that stand one after another. */
    static TreeHash read(byte[] hashes, int index) {
        return new TreeHash(Arrays.copyOfRange(hashes, index * BYTES, (index + 1) * BYTES));
    }

    /** @throws IllegalArgumentException where it is not 64 hex digits */
    static TreeHash ofHex(String hex) {
        return ofBytes(HexFormat.of().parseHex(hex));
    }

    /** @throws IllegalArgumentException where it is not 32 bytes long */
    static TreeHash ofBytes(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a hash has " + BYTES + " bytes and not " + bytes.length);
        }
        return new TreeHash(bytes.clone());
    }

    void write(byte[] target, int index) {
        System.arraycopy(bytes, 0, target, index * BYTES, BYTES);
    }

    String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TreeHash hash && Arrays.equals(bytes, hash.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    /** 64 lower-case hex digits. */
    @Override
    public String toString() {
        return HexFormat.of().formatHex(bytes);
    }
}
