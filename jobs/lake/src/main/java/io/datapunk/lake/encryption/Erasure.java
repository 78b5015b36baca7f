package io.datapunk.lake.encryption;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/**
 * That a person is to be erased. It stands in the keyring in the place of his keys, as {@code
 * keys/person-<id>/erasure.000001.json}, and {@code …000002.json} once it is done: it goes wherever keys are copied to, so
 * that an older state of the lake that is restored from anywhere meets it.
 *
 * @param userId the surrogate
 * @param orderedAt when it was first asked for
 * @param endedAt when nothing was left; empty while it is under way
 */
public record Erasure(String userId, Instant orderedAt, Optional<Instant> endedAt) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FILE = "erasure.%06d.json";

    /** The name of the file that holds it; one that has ended comes after the one that was ordered. */
    public String fileName() {
        return FILE.formatted(endedAt.isPresent() ? 2 : 1);
    }

    static boolean isFile(String name) {
        return name.equals(FILE.formatted(1)) || name.equals(FILE.formatted(2));
    }

    /** What the file holds. */
    public byte[] toBytes() {
        ObjectNode json = JSON.createObjectNode().put("user_id", userId).put("ordered_at", orderedAt.toString());
        endedAt.ifPresent(end -> json.put("ended_at", end.toString()));
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are JSON", e);
        }
    }

    /** Empty where a file was cut short. */
    static Optional<Erasure> parse(String userId, byte[] bytes) {
        try {
            var json = JSON.readTree(bytes);
            Instant ordered = Instant.parse(json.path("ordered_at").asText());
            return Optional.of(new Erasure(
                    userId,
                    ordered,
                    json.has("ended_at")
                            ? Optional.of(Instant.parse(json.path("ended_at").asText()))
                            : Optional.empty()));
        } catch (IOException | DateTimeException cutShort) {
            return Optional.empty();
        }
    }
}
