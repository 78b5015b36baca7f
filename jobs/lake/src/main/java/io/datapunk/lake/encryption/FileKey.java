package io.datapunk.lake.encryption;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What an encrypted file says about its key, in Parquet's key metadata: the key, wrapped by its dataset's key.
 *
 * @param id of the dataset's key
 */
record FileKey(DatasetName dataset, String id, String wrapped) {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FORMAT = "datapunk-lake-1";

    byte[] toBytes() {
        try {
            return JSON.writeValueAsBytes(JSON.createObjectNode()
                    .put("format", FORMAT)
                    .put("dataset", dataset.toString())
                    .put("key", id)
                    .put("wrapped", wrapped));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts are JSON", e);
        }
    }

    /** @throws LakeException where somebody else encrypted the file */
    static FileKey parse(byte[] metadata) {
        return tryParse(metadata)
                .orElseThrow(() -> LakeException.failed(
                        "an encrypted file cannot be read",
                        "what it says about its key is not the lake's: "
                                + abbreviated(new String(metadata, StandardCharsets.UTF_8)),
                        "read it with the settings of whoever encrypted it"));
    }

    private static Optional<FileKey> tryParse(byte[] metadata) {
        try {
            JsonNode json = JSON.readTree(metadata);
            return json.path("format").asText().equals(FORMAT)
                    ? Optional.of(new FileKey(
                            DatasetName.parse(json.path("dataset").asText()),
                            json.path("key").asText(),
                            json.path("wrapped").asText()))
                    : Optional.empty();
        } catch (IOException | LakeException notOurs) {
            return Optional.empty();
        }
    }

    private static String abbreviated(String text) {
        return text.length() > 80 ? text.substring(0, 80) + "…" : text;
    }
}
