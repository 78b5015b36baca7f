package io.datapunk.archive.restore;

import io.datapunk.archive.bag.PackageCopies;
import io.datapunk.archive.bag.StoredPackage;
import io.datapunk.archive.content.StoredEntry;
import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.encryption.KeyOwner;
import io.datapunk.lake.encryption.SegmentKeys;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.model.Progress;
import io.datapunk.lake.storage.FolderTree;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Writes a package's entries into a new folder. The folder appears when all of it is there and every entry is what was
 * archived, or not at all.
 */
public final class RestorePackageJob {
    private final LakeConfig config;
    private final LakeHome home;

    public RestorePackageJob(LakeConfig config, LakeHome home) {
        this.config = config;
        this.home = home;
    }

    /**
     * @param name of the package: its id or folder
     * @param entries a glob over the entries' paths, as {@code **.json}; empty: all
     * @param target the new folder
     */
    public record Request(String name, Optional<String> entries, Path target, Instant now) {}

    /** @param warnings why it was not read from the archive itself */
    public record Report(String path, Path target, long entries, long bytes, List<String> warnings) {}

    /** @throws LakeException where there is no such package, it is damaged, or the folder exists or cannot be written */
    public Report run(Request request, Progress progress) {
        Path target = request.target().toAbsolutePath().normalize();
        if (Files.exists(target) && !isEmptyFolder(target)) {
            throw LakeException.usage(
                    "nothing is restored to " + target,
                    "it is there already",
                    "name a new folder, so that nothing of yours is written over");
        }
        Path unfinished = target.resolveSibling(target.getFileName() + ".restoring-" + UUID.randomUUID());
        try {
            Archive archive = new Archive(config, home);
            SegmentKeys keys = archive.keys(request.name(), "restore", 1, request.now());
            Report report = restore(request, archive, keys, unfinished, progress);
            Files.deleteIfExists(target);
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            return new Report(report.path(), target, report.entries(), report.bytes(), report.warnings());
        } catch (IOException e) {
            throw LakeException.failed(
                    "the package " + request.name() + " was not restored",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "check the archive's store and that " + target.getParent() + " is writable and has room",
                    e);
        } finally {
            discard(unfinished);
        }
    }

    /** From the archive; where that fails from one of its copies. */
    private Report restore(Request request, Archive archive, SegmentKeys keys, Path folder, Progress progress)
            throws IOException {
        try {
            return restore(request, archive.find(request.name()), keys, folder, progress);
        } catch (IOException | LakeException e) {
            for (PackageCopies.Place place : archive.copies().places()) {
                FolderTree.delete(folder);
                try {
                    StoredPackage copy = Archive.find(request.name(), place.store());
                    Report report = restore(request, copy, keys, folder, progress);
                    return new Report(
                            report.path(),
                            folder,
                            report.entries(),
                            report.bytes(),
                            List.of("it was restored from the copy in " + place.location() + ": " + e.getMessage()));
                } catch (IOException | LakeException alsoDamaged) {
                    e.addSuppressed(alsoDamaged);
                }
            }
            throw e;
        }
    }

    private Report restore(Request request, StoredPackage stored, SegmentKeys keys, Path folder, Progress progress)
            throws IOException {
        audit(request, stored);
        return restore(stored, keys, request.entries(), folder, progress);
    }

    private static Report restore(
            StoredPackage stored, SegmentKeys keys, Optional<String> glob, Path folder, Progress progress)
            throws IOException {
        PathMatcher wanted = FileSystems.getDefault().getPathMatcher("glob:" + glob.orElse("**"));
        long entries = 0;
        long bytes = 0;
        Files.createDirectories(folder);
        List<KeyOwner> owners =
                stored.owners().stream().filter(owner -> !keys.isErased(owner)).toList();
        for (KeyOwner owner : owners) {
            List<StoredEntry> own = stored.entries(owner, keys).stream()
                    .filter(entry -> wanted.matches(Path.of(entry.path())))
                    .toList();
            // One person's files lie as they lay; those of several must not meet.
            Path place = owners.size() == 1 ? folder : folder.resolve(owner.name());
            EntryFiles files = new EntryFiles(place, own);
            try (Progress.Stage stage = progress.begin("restoring", files.bytes(), "bytes")) {
                files.write(stored, stored.segments(owner), keys, stage);
            }
            entries += own.size();
            bytes += files.bytes();
        }
        if (entries == 0 && glob.isPresent()) {
            throw LakeException.usage(
                    "nothing was restored",
                    "no entry of " + stored.folder() + " matches '" + glob.get() + "'",
                    "`**` stands for any folders; archive.contents lists the entries");
        }
        return new Report(stored.folder().path(), folder, entries, bytes, List.of());
    }

    private void audit(Request request, StoredPackage stored) {
        AuditLog.of(config, home)
                .append(new AuditEvent(
                        request.now(),
                        "archive",
                        "archive.restore",
                        stored.folder().path(),
                        Map.of("entries", request.entries().orElse("all"))));
    }

    private static boolean isEmptyFolder(Path folder) {
        if (!Files.isDirectory(folder)) {
            return false;
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.findAny().isEmpty();
        } catch (IOException e) {
            return false;
        }
    }

    private static void discard(Path folder) {
        try {
            FolderTree.delete(folder);
        } catch (IOException leftBehind) {
            // What went wrong before is what is told; the folder's name says what it is.
        }
    }
}
