package io.datapunk.lake.delta;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.delta.LoggedFile.Key;
import io.datapunk.lake.model.DataFile;
import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.fs.Path;

/** Reads commits as they lie in a table's log, without Delta: what Delta takes for an empty one is seen here. */
public final class CommitReader {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ROOT = "/table";

    private CommitReader() {}

    /**
     * Reads all actions of a commit.
     *
     * @throws MalformedCommitException where the bytes are not those of a whole commit: each has at least one action
     * @throws IOException where they cannot be read
     */
    public static CommitActions read(InputStream commit) throws IOException {
        Actions actions = new Actions();
        int line = 0;
        try {
            BufferedReader reader = new BufferedReader(new InputStreamReader(
                    commit,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .onMalformedInput(CodingErrorAction.REPORT)
                            .onUnmappableCharacter(CodingErrorAction.REPORT)));
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                line++;
                if (!text.isBlank()) {
                    actions.add(JSON.readTree(text));
                }
            }
        } catch (JsonProcessingException | java.nio.charset.CharacterCodingException | RuntimeException e) {
            throw new MalformedCommitException("line " + Math.max(line, 1) + " is no action", e);
        }
        if (actions.count == 0) {
            throw new MalformedCommitException("it holds no action", null);
        }
        return actions.read();
    }

    /** Bytes that are no commit. */
    public static final class MalformedCommitException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedCommitException(String what, Exception cause) {
            super(what, cause);
        }
    }

    private static final class Actions {
        private final List<LoggedFile> added = new ArrayList<>();
        private final List<Key> removed = new ArrayList<>();
        private final List<String> sidecars = new ArrayList<>();
        private Optional<String> schema = Optional.empty();
        private Optional<String> logRetention = Optional.empty();
        private int count;

        private void add(JsonNode action) throws IOException {
            // One for each line; other files of a lake are JSON, too.
            if (!action.isObject() || action.size() != 1) {
                throw new IllegalArgumentException("not an action: " + action);
            }
            count++;
            if (action.has("add")) {
                JsonNode add = action.get("add");
                Optional<DeletionVectorDescriptor> vector = vector(add);
                added.add(new LoggedFile(
                        TableLog.decoded(required(add, "path").textValue()),
                        vector.map(DeletionVectorDescriptor::getUniqueId).orElse(""),
                        vector.map(CommitReader::path).orElse(""),
                        required(add, "size").longValue(),
                        add.hasNonNull("stats") ? TableLog.rows(add.get("stats").textValue()) : DataFile.ROWS_UNKNOWN));
            } else if (action.has("remove")) {
                JsonNode remove = action.get("remove");
                removed.add(new Key(
                        TableLog.decoded(required(remove, "path").textValue()),
                        vector(remove)
                                .map(DeletionVectorDescriptor::getUniqueId)
                                .orElse("")));
            } else if (action.has("sidecar")) {
                sidecars.add(required(action.get("sidecar"), "path").textValue());
            } else if (action.has("metaData")) {
                JsonNode metadata = action.get("metaData");
                schema = Optional.ofNullable(metadata.path("schemaString").textValue());
                logRetention = Optional.ofNullable(metadata.path("configuration")
                        .path("delta.logRetentionDuration")
                        .textValue());
            }
        }

        private CommitActions read() {
            return new CommitActions(added, removed, sidecars, schema, logRetention);
        }
    }

    private static JsonNode required(JsonNode action, String field) {
        if (!action.hasNonNull(field)) {
            throw new IllegalArgumentException("an action without " + field);
        }
        return action.get(field);
    }

    private static Optional<DeletionVectorDescriptor> vector(JsonNode file) {
        if (!file.hasNonNull("deletionVector")) {
            return Optional.empty();
        }
        JsonNode vector = file.get("deletionVector");
        return Optional.of(new DeletionVectorDescriptor(
                required(vector, "storageType").textValue(),
                required(vector, "pathOrInlineDv").textValue(),
                vector.hasNonNull("offset") ? Optional.of(vector.get("offset").intValue()) : Optional.empty(),
                required(vector, "sizeInBytes").intValue(),
                required(vector, "cardinality").longValue()));
    }

    /** Where a vector lies, relative to the table's root where it lies below it; empty where it stands in the log. */
    static String path(DeletionVectorDescriptor vector) {
        if (!vector.isOnDisk()) {
            return "";
        }
        String path = new Path(vector.getAbsolutePath(ROOT)).toUri().getPath();
        return vector.getStorageType().equals(DeletionVectorDescriptor.PATH_DV_MARKER)
                ? vector.getAbsolutePath(ROOT)
                : path.substring(ROOT.length() + 1);
    }
}
