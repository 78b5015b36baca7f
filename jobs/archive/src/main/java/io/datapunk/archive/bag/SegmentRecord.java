package io.datapunk.archive.bag;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.encryption.KeyOwner;
import java.io.IOException;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A line of a package's {@code segments.ndjson}: what a reader needs to open a segment, and what says nothing of its content.
 *
 * @param name by which it is encrypted, as {@code 20261126T060500Z-1f9a03b7-00001}
 * @param kind whether it holds content, or the list of an owner's entries
 * @param owner of the key, as the keyring calls him
 * @param key id of the owner's key that wraps the segment's
 * @param wrappedKey the segment's own key: Base64 of nonce (12 bytes), AES-256-GCM ciphertext (32) and tag (16), the
 *     segment's name authenticated with it
 * @param pack the file that holds it, {@code data/….pack}
 * @param offset of its first byte in the pack
 * @param bytes how many it takes there
 * @param sha256 of these bytes
 * @param rawBytes how many it has when it is open
 * @param home the package that the pack was written for, as its path below the archive; empty: this one
 */
public record SegmentRecord(
        @JsonProperty("segment") String name,
        @JsonProperty("kind") Kind kind,
        @JsonProperty("owner") String owner,
        @JsonProperty("key") String key,
        @JsonProperty("wrapped_key") String wrappedKey,
        @JsonProperty("pack") String pack,
        @JsonProperty("offset") long offset,
        @JsonProperty("bytes") long bytes,
        @JsonProperty("sha256") String sha256,
        @JsonProperty("raw_bytes") long rawBytes,
        @JsonProperty("home") String home)
        implements Serializable {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** What a segment is for. */
    public enum Kind {
        CONTENT,
        INDEX
    }

    public KeyOwner keyOwner() {
        return new KeyOwner(owner);
    }

    /** The same segment, as another package refers to it. */
    public SegmentRecord at(String packageHome) {
        return new SegmentRecord(
                name, kind, owner, key, wrappedKey, pack, offset, bytes, sha256, rawBytes, packageHome);
    }

    static byte[] write(List<SegmentRecord> records) {
        StringBuilder lines = new StringBuilder();
        for (SegmentRecord segment : records) {
            try {
                lines.append(JSON.writeValueAsString(segment)).append('\n');
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("texts and numbers are JSON", e);
            }
        }
        return lines.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** @throws IOException where a line is none */
    static List<SegmentRecord> read(byte[] bytes) throws IOException {
        List<SegmentRecord> records = new ArrayList<>();
        for (String line : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
            records.add(JSON.readValue(line, SegmentRecord.class));
        }
        return records;
    }
}
