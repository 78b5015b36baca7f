package io.datapunk.lake.audit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.TreeMap;

/** One line of the log; see {@link AuditLog} for the format. */
record AuditEntry(long sequence, String previous, String hash, JsonNode content) {
    static final String NO_HASH = "0".repeat(64);

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();
    private static final String HASH_BEGIN = ",\"hash\":\"";
    private static final String HASH_END = "\"}";
    private static final int TRAILER = HASH_BEGIN.length() + NO_HASH.length() + HASH_END.length();

    /** The line of an entry, line feed included. */
    static byte[] encode(long sequence, String previous, AuditEvent event) {
        ObjectNode content = JSON.createObjectNode()
                .put("sequence", sequence)
                .put("previous", previous)
                .put("at", event.at().toString())
                .put("actor", event.actor())
                .put("action", event.action())
                .put("subject", event.subject());
        ObjectNode details = content.putObject("details");
        new TreeMap<>(event.details()).forEach(details::put);
        try {
            String payload = JSON.writeValueAsString(content);
            String line = payload.substring(0, payload.length() - 1) + HASH_BEGIN + leafHash(ascii(payload)) + HASH_END;
            return ascii(line + "\n");
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the event cannot be written as JSON: " + event, e);
        }
    }

    /** What of an entry's line is hashed. */
    static String payload(byte[] line) {
        return new String(payloadBytes(line), StandardCharsets.US_ASCII);
    }

    private static byte[] payloadBytes(byte[] line) {
        int end = line.length - TRAILER;
        byte[] payload = Arrays.copyOf(line, end + 1);
        payload[end] = '}';
        return payload;
    }

    /** The entry of a line without its line feed; empty where a single byte is not as it was written. */
    static Optional<AuditEntry> decode(byte[] line) {
        int end = line.length - TRAILER;
        if (end < 1) {
            return Optional.empty();
        }
        byte[] payload = payloadBytes(line);
        String hash = leafHash(payload);
        String trailer = new String(line, end, TRAILER, StandardCharsets.ISO_8859_1);
        if (!trailer.equals(HASH_BEGIN + hash + HASH_END)) {
            return Optional.empty();
        }
        try {
            JsonNode content = JSON.readTree(payload);
            return Optional.of(new AuditEntry(
                    content.path("sequence").asLong(-1),
                    content.path("previous").asText(),
                    hash,
                    content));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    String action() {
        return content.path("action").asText();
    }

    String detail(String name) {
        return content.path("details").path(name).asText();
    }

    private static String leafHash(byte[] payload) {
        return TreeHash.ofLeaf(payload).toString();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
