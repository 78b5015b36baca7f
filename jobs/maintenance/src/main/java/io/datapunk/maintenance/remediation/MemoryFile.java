package io.datapunk.maintenance.remediation;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.datapunk.lake.audit.DurableFile;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where a run leaves for the next what it has to know. A home that has lost the file begins anew. */
final class MemoryFile {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new Jdk8Module())
            .build();

    private final Path file;

    MemoryFile(LakeHome home) {
        this.file = home.runDirectory().resolve("remediation.json");
    }

    Memory read() {
        try {
            return JSON.readValue(Files.readAllBytes(file), Memory.class);
        } catch (NoSuchFileException none) {
            return Memory.NONE;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Only the one run that holds the lease does. */
    void write(Memory memory) {
        try {
            Files.createDirectories(file.getParent());
            DurableFile.replace(file, JSON.writeValueAsBytes(memory));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private LakeException unusable(IOException e) {
        return LakeException.failed(
                "what was done before is not known",
                file + ": " + e.getMessage(),
                "make the file readable and writable, or remove it: cool-downs then begin anew",
                e);
    }
}
