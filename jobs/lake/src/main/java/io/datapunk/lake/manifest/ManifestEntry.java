package io.datapunk.lake.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.datapunk.lake.delta.LoggedFile;
import io.datapunk.lake.model.DataFile;
import io.datapunk.lake.model.Sha256;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One line of a manifest: what one version of a table brought, or, as a reset, all that was there when the manifest began.
 *
 * @param sequence 0 for the table's first entry, then one more each
 * @param version the table's; -1 where a reset comes before the first commit
 * @param at when it was taken in
 * @param log files of the log that were there by then, the commit first
 * @param added all live files where it is a reset
 * @param logRetention the table's {@code delta.logRetentionDuration}, where this version set it
 * @param schemaHash SHA-256 of the table's schema as JSON, where this version set it
 */
record ManifestEntry(
        long sequence,
        long version,
        boolean reset,
        Instant at,
        List<LogFile> log,
        List<DataRecord> added,
        List<LoggedFile.Key> removed,
        Optional<String> logRetention,
        Optional<String> schemaHash) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String HASH_BEGIN = ",\"hash\":\"";
    private static final int TRAILER = HASH_BEGIN.length() + ManifestHead.NO_HASH.length() + 2;

    ManifestEntry {
        log = List.copyOf(log);
        added = List.copyOf(added);
        removed = List.copyOf(removed);
    }

    /** An entry that was read, with its place in the chain. */
    record Chained(ManifestEntry entry, String previous, String hash) {
        ManifestHead head() {
            return new ManifestHead(entry.sequence(), entry.version(), hash);
        }
    }

    /** The entry's line, without its line feed; its hash is over the line without the member {@code hash}. */
    String line(String previous) {
        ObjectNode node = JSON.createObjectNode()
                .put("sequence", sequence)
                .put("version", version)
                .put("reset", reset)
                .put("at", at.toString());
        ArrayNode logFiles = node.putArray("log");
        log.forEach(file -> logFiles.addObject()
                .put("name", file.name())
                .put("bytes", file.bytes())
                .put("modified", file.modified())
                .put("sha256", file.sha256()));
        ArrayNode files = node.putArray("added");
        added.forEach(file -> put(files.addObject(), file));
        ArrayNode gone = node.putArray("removed");
        removed.forEach(key -> put(gone.addObject(), key));
        logRetention.ifPresent(text -> node.put("log_retention", text));
        schemaHash.ifPresent(hash -> node.put("schema_sha256", hash));
        node.put("previous", previous);
        try {
            String payload = JSON.writeValueAsString(node);
            return payload.substring(0, payload.length() - 1) + HASH_BEGIN + hash(payload) + "\"}";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an entry cannot be written as JSON", e);
        }
    }

    private static void put(ObjectNode node, DataRecord file) {
        put(node, file.file().key());
        node.put("bytes", file.file().bytes());
        if (file.file().rows() != DataFile.ROWS_UNKNOWN) {
            node.put("rows", file.file().rows());
        }
        if (!file.sha256().isEmpty()) {
            node.put("sha256", file.sha256());
        }
        if (!file.file().vectorPath().isEmpty()) {
            node.put("vector_path", file.file().vectorPath()).put("vector_sha256", file.vectorSha256());
        }
    }

    private static void put(ObjectNode node, LoggedFile.Key key) {
        node.put("path", key.path());
        if (!key.vector().isEmpty()) {
            node.put("vector", key.vector());
        }
    }

    /** Empty where a single byte is not as it was written. */
    static Optional<Chained> parse(String line) {
        int end = line.length() - TRAILER;
        if (end < 1) {
            return Optional.empty();
        }
        String payload = line.substring(0, end) + "}";
        String hash = hash(payload);
        if (!line.substring(end).equals(HASH_BEGIN + hash + "\"}")) {
            return Optional.empty();
        }
        try {
            JsonNode node = JSON.readTree(payload);
            return Optional.of(new Chained(of(node), node.path("previous").asText(), hash));
        } catch (JsonProcessingException | RuntimeException e) {
            return Optional.empty();
        }
    }

    private static ManifestEntry of(JsonNode node) {
        List<LogFile> log = new ArrayList<>();
        node.path("log")
                .forEach(file -> log.add(new LogFile(
                        file.path("name").asText(),
                        file.path("bytes").asLong(),
                        file.path("modified").asLong(),
                        file.path("sha256").asText())));
        List<DataRecord> added = new ArrayList<>();
        node.path("added")
                .forEach(file -> added.add(new DataRecord(
                        new LoggedFile(
                                file.path("path").asText(),
                                file.path("vector").asText(""),
                                file.path("vector_path").asText(""),
                                file.path("bytes").asLong(),
                                file.path("rows").asLong(DataFile.ROWS_UNKNOWN)),
                        file.path("sha256").asText(""),
                        file.path("vector_sha256").asText(""))));
        List<LoggedFile.Key> removed = new ArrayList<>();
        node.path("removed")
                .forEach(key -> removed.add(new LoggedFile.Key(
                        key.path("path").asText(), key.path("vector").asText(""))));
        return new ManifestEntry(
                node.path("sequence").asLong(),
                node.path("version").asLong(),
                node.path("reset").asBoolean(),
                Instant.parse(node.path("at").asText()),
                log,
                added,
                removed,
                Optional.ofNullable(node.path("log_retention").textValue()),
                Optional.ofNullable(node.path("schema_sha256").textValue()));
    }

    static String hash(String text) {
        return Sha256.hex(text.getBytes(StandardCharsets.UTF_8));
    }
}
