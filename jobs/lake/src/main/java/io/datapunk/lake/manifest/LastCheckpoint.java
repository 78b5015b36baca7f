package io.datapunk.lake.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.storage.RawFiles;
import java.io.IOException;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;

/** The file that says which checkpoint is the newest one; readers begin there. */
record LastCheckpoint(long version) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Its bytes are not JSON with a version. */
    static final class MalformedException extends Exception {
        private static final long serialVersionUID = 1;

        private MalformedException(String what) {
            super(what);
        }
    }

    static LastCheckpoint read(Path file, Configuration configuration) throws IOException, MalformedException {
        try (FSDataInputStream in = RawFiles.of(file, configuration).open(file)) {
            JsonNode node = JSON.readTree(in.readAllBytes());
            if (!node.path("version").canConvertToLong()) {
                throw new MalformedException("it names no version");
            }
            return new LastCheckpoint(node.get("version").asLong());
        } catch (JsonProcessingException e) {
            throw new MalformedException("it is not JSON");
        }
    }

    /** What a manifest calls it: it is written over, and each version's is another one. */
    String recordName() {
        return TableFiles.LAST_CHECKPOINT + "/" + version;
    }
}
