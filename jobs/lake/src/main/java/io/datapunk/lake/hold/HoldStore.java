package io.datapunk.lake.hold;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.DatasetName;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.JobLease;
import io.datapunk.lake.storage.Leases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The holds in force, in {@code holds.json} of the lake's local folder. Who placed and released them tells the audit log. */
public final class HoldStore {
    private static final String JOB = "hold";
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private final Path file;
    private final Leases leases;

    public HoldStore(LakeHome home) {
        this.file = home.local().resolve("holds.json");
        this.leases = new Leases(home);
    }

    /** As it stands in the file: null where a condition is empty. */
    private record Line(
            String id, String userId, String dataset, String from, String to, String reason, String placedAt) {
        private static Line of(Hold hold) {
            return new Line(
                    hold.id(),
                    hold.userId().orElse(null),
                    hold.dataset().map(DatasetName::toString).orElse(null),
                    hold.from().map(Instant::toString).orElse(null),
                    hold.to().map(Instant::toString).orElse(null),
                    hold.reason(),
                    hold.placedAt().toString());
        }

        private Hold toHold() {
            return new Hold(
                    id,
                    Optional.ofNullable(userId),
                    Optional.ofNullable(dataset).map(DatasetName::parse),
                    Optional.ofNullable(from).map(Instant::parse),
                    Optional.ofNullable(to).map(Instant::parse),
                    reason,
                    Instant.parse(placedAt));
        }
    }

    /**
     * In the order in which they were placed.
     *
     * @throws LakeException where the file cannot be read: without it nothing may be deleted
     */
    public List<Hold> read() {
        try {
            return JSON.readValue(Files.readAllBytes(file), new TypeReference<List<Line>>() {}).stream()
                    .map(Line::toHold)
                    .toList();
        } catch (NoSuchFileException none) {
            return List.of();
        } catch (JsonProcessingException e) {
            throw unreadable(e.getOriginalMessage(), e);
        } catch (IOException | RuntimeException e) {
            throw unreadable(String.valueOf(e.getMessage()), e);
        }
    }

    /** Adds a hold; on the disk when it returns. */
    public void place(Hold hold) {
        change(holds -> {
            List<Hold> all = new ArrayList<>(holds);
            all.add(hold);
            return all;
        });
    }

    /** Takes a hold away. */
    public void release(String id) {
        change(holds -> holds.stream().filter(hold -> !hold.id().equals(id)).toList());
    }

    private void change(UnaryOperator<List<Hold>> change) {
        try (JobLease lease = leases.acquire(JOB)) {
            List<Line> lines = change.apply(read()).stream().map(Line::of).toList();
            Path next = file.resolveSibling("holds." + lease.epoch() + ".new");
            Files.write(next, JSON.writeValueAsBytes(lines));
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw LakeException.failed(
                    "the holds cannot be stored",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make " + file + " writable",
                    e);
        }
    }

    private LakeException unreadable(String reason, Exception cause) {
        return LakeException.failed(
                "the holds cannot be read, so nothing is deleted",
                file + ": " + reason,
                "restore the file from a backup; `lake archive audit --publish` and archive.audit_log tell which holds"
                        + " there were",
                cause);
    }
}
