package io.datapunk.lake.storage;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.Leases.HeldLeases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What killed jobs have left in a home's staging. */
public final class StagingLeftovers {
    private final LakeHome home;
    private final Leases leases;

    public StagingLeftovers(LakeHome home) {
        this.home = home;
        this.leases = new Leases(home);
    }

    /**
     * A folder or file of a job that nothing was written to for a while.
     *
     * @param lastWritten when anything in it was
     */
    public record Leftover(Path path, long bytes, Instant lastWritten) {}

    /** @param age since anything was written */
    public List<Leftover> find(Instant now, Duration age) {
        Path staging = home.staging();
        if (!Files.isDirectory(staging)) {
            return List.of();
        }
        try (Stream<Path> entries = Files.list(staging)) {
            List<Leftover> found = new ArrayList<>();
            for (Path entry : entries.sorted().toList()) {
                measure(entry)
                        .filter(leftover -> leftover.lastWritten().isBefore(now.minus(age)))
                        .ifPresent(found::add);
            }
            return found;
        } catch (IOException | UncheckedIOException e) {
            throw unremovable(e);
        }
    }

    /**
     * Removes it, unless somebody is at work who may come back to it, as after a machine has slept.
     *
     * @param own leases that the caller holds
     * @return whether it was removed
     */
    public boolean remove(Leftover leftover, Set<String> own) {
        String name = leftover.path().getFileName().toString();
        List<String> users = name.startsWith(Leases.UNPACKED)
                ? List.of(Leases.unpackedIn(leftover.path()))
                : leases.jobs().stream()
                        .filter(job ->
                                !own.contains(job) && !job.startsWith(Leases.unpackedIn(Path.of(Leases.UNPACKED))))
                        .toList();
        Optional<HeldLeases> idle = leases.tryAcquireAll(users);
        if (idle.isEmpty()) {
            return false;
        }
        try (HeldLeases held = idle.get()) {
            FolderTree.delete(leftover.path());
            return true;
        } catch (IOException e) {
            throw unremovable(e);
        }
    }

    private LakeException unremovable(Exception e) {
        return LakeException.failed(
                "old staging folders cannot be removed",
                e.getClass().getSimpleName() + ": " + e.getMessage(),
                "remove them by hand from " + home.staging(),
                e);
    }

    /** Empty where another process removes it meanwhile. */
    private static Optional<Leftover> measure(Path entry) throws IOException {
        long bytes = 0;
        Instant newest = Instant.MIN;
        try (Stream<Path> tree = Files.walk(entry)) {
            for (Path path : (Iterable<Path>) tree::iterator) {
                BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                bytes += attributes.isRegularFile() ? attributes.size() : 0;
                Instant written = attributes.lastModifiedTime().toInstant();
                newest = written.isAfter(newest) ? written : newest;
            }
            return Optional.of(new Leftover(entry, bytes, newest));
        } catch (NoSuchFileException goneMeanwhile) {
            return Optional.empty();
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                return Optional.empty();
            }
            throw e;
        }
    }
}
