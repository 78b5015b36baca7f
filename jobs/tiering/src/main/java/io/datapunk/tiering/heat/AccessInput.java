package io.datapunk.tiering.heat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;

/**
 * Something that was taken in: a file, or the state of a counter.
 *
 * @param source as {@link AccessSource#name}
 * @param input identifies it within the source
 * @param revision what tells another content under the same name, as an ETag; empty where there is none
 * @param position the file's size in bytes, or the counter's value
 * @param accesses that it brought, or the files that were imported with it
 */
record AccessInput(String source, String input, String revision, long position, long accesses) {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    ObjectNode toJson() {
        return MAPPER.createObjectNode()
                .put("source", source)
                .put("input", input)
                .put("revision", revision)
                .put("position", position)
                .put("accesses", accesses);
    }

    static AccessInput parse(String line) throws IOException {
        JsonNode json = MAPPER.readTree(line);
        return new AccessInput(
                json.get("source").asText(),
                json.get("input").asText(),
                json.get("revision").asText(),
                json.get("position").asLong(),
                json.get("accesses").asLong());
    }
}
