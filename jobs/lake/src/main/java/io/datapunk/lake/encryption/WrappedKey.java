package io.datapunk.lake.encryption;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An owner's key, wrapped by a master key. The key itself never changes; each generation wraps it by another master key.
 *
 * @param id 32 hexadecimal digits
 * @param generation from 1 on
 * @param madeUnder the master key that was in use when the key was made
 * @param masterKey the one that wraps it now
 */
public record WrappedKey(
        KeyOwner owner, String id, int generation, String madeUnder, String masterKey, String wrapped) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern FILE = Pattern.compile("([0-9a-f]{32})\\.(\\d{6})\\.json");

    /** The name of the file that holds it. */
    public String fileName() {
        return "%s.%06d.json".formatted(id, generation);
    }

    /** Whether a file of this name holds an older generation of the same key. */
    public boolean isAfter(String otherFileName) {
        Matcher other = FILE.matcher(otherFileName);
        return other.matches() && other.group(1).equals(id) && Integer.parseInt(other.group(2)) < generation;
    }

    WrappedKey rewrapped(String byMasterKey, String newlyWrapped) {
        return new WrappedKey(owner, id, generation + 1, madeUnder, byMasterKey, newlyWrapped);
    }

    /** Whether new files may use it: a key that an older master key once protected is for old files. */
    boolean isFor(String currentMasterKey) {
        return madeUnder.equals(currentMasterKey) && masterKey.equals(currentMasterKey);
    }

    /** What the file holds. */
    public byte[] toBytes() {
        ObjectNode json = JSON.createObjectNode()
                .put("owner", owner.name())
                .put("id", id)
                .put("generation", generation)
                .put("made_under", madeUnder)
                .put("master_key", masterKey)
                .put("wrapped", wrapped);
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and a number are JSON", e);
        }
    }

    /** Empty where a file is none: of another name, or cut short. */
    static Optional<WrappedKey> parse(KeyOwner owner, String fileName, byte[] bytes) {
        Matcher name = FILE.matcher(fileName);
        if (!name.matches()) {
            return Optional.empty();
        }
        try {
            var json = JSON.readTree(bytes);
            WrappedKey key = new WrappedKey(
                    owner,
                    name.group(1),
                    Integer.parseInt(name.group(2)),
                    json.path("made_under").asText(),
                    json.path("master_key").asText(),
                    json.path("wrapped").asText());
            return key.wrapped.isEmpty() || key.masterKey.isEmpty() ? Optional.empty() : Optional.of(key);
        } catch (IOException cutShort) {
            return Optional.empty();
        }
    }

    /** Whether a file of this name holds a key, of whatever generation. */
    public static boolean isFile(String name) {
        return FILE.matcher(name).matches();
    }

    @Override
    public String toString() {
        return owner + "/" + id;
    }
}
