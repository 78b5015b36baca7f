package io.datapunk.maintenance.task;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.datapunk.lake.audit.DurableFile;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** When each task was done last; a home that has lost the file does all of them once more. */
final class LastRuns {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;

    LastRuns(LakeHome home) {
        this.file = home.runDirectory().resolve("maintenance.json");
    }

    Map<Task, Instant> read() {
        Map<Task, Instant> runs = new EnumMap<>(Task.class);
        try {
            JSON.readValue(Files.readAllBytes(file), new TypeReference<Map<String, String>>() {})
                    .forEach((name, at) -> Task.of(name).ifPresent(task -> runs.put(task, Instant.parse(at))));
            return runs;
        } catch (NoSuchFileException never) {
            return runs;
        } catch (IOException | RuntimeException e) {
            throw unusable(e);
        }
    }

    /** Only the one run that holds the lease does. */
    void note(Task task, Instant now) {
        Map<Task, Instant> runs = read();
        runs.put(task, now);
        Map<String, String> named = new TreeMap<>();
        runs.forEach((done, at) -> named.put(done.toString(), at.toString()));
        try {
            Files.createDirectories(file.getParent());
            DurableFile.replace(file, JSON.writeValueAsBytes(named));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private LakeException unusable(Exception e) {
        return LakeException.failed(
                "when tasks were done last is not known",
                file + ": " + e.getMessage(),
                "make the file readable and writable, or remove it: all tasks are then done once more",
                e);
    }
}
