package io.datapunk.archive.backup.repository;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import java.io.IOException;
import java.util.List;

/**
 * The keys of objects that were stored together. Destroying a key writes its batch anew without it.
 *
 * @param generation from 1 on
 */
record KeyBatch(int generation, List<ObjectRecord> objects) {
    private static final ObjectMapper JSON =
            new ObjectMapper().setPropertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE);

    KeyBatch {
        objects = List.copyOf(objects);
    }

    byte[] toBytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts and numbers are JSON", e);
        }
    }

    static KeyBatch parse(byte[] bytes) throws IOException {
        return JSON.readValue(bytes, KeyBatch.class);
    }
}
