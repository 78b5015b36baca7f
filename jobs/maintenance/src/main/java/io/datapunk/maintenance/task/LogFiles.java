package io.datapunk.maintenance.task;

import io.datapunk.lake.audit.AuditEvent;
import io.datapunk.lake.audit.AuditLog;
import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.config.MaintenanceConfig;
import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.postgres.ServerLogWatch;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;

/** Compresses log files that are not written any more, and removes those that are past their time. */
public final class LogFiles {
    private static final String COMPRESSED = ".gz";
    private static final int BUFFER = 1 << 16;

    private final LakeConfig config;
    private final LakeHome home;
    private final AuditLog audit;
    private final String actor;

    /** @param actor for the audit log */
    public LogFiles(LakeConfig config, LakeHome home, String actor) {
        this.config = config;
        this.home = home;
        this.audit = AuditLog.of(config, home);
        this.actor = actor;
    }

    private record LogFile(Path path, long bytes, Instant written) {
        private boolean isCompressed() {
            return path.toString().endsWith(COMPRESSED);
        }

        private boolean isOlder(Duration age, Instant now) {
            return written.isBefore(now.minus(age));
        }
    }

    /** Both. */
    Work.Done run(Instant now, boolean dryRun) {
        List<Figure> figures = new ArrayList<>(expire(now, dryRun));
        figures.addAll(compress(now, dryRun));
        return Work.Done.of(figures);
    }

    private List<Figure> expire(Instant now, boolean dryRun) {
        Duration keep = config.maintenance().logs().keep();
        List<Figure> figures = new ArrayList<>();
        for (LogFile file : files()) {
            if (!file.isOlder(keep, now)) {
                continue;
            }
            if (dryRun) {
                figures.add(Figure.found(file.path().toString(), Quantity.BYTES, file.bytes()));
                continue;
            }
            audit.append(new AuditEvent(
                    now,
                    actor,
                    "maintenance.delete",
                    file.path().toString(),
                    Map.of("written", file.written().toString(), "bytes", Long.toString(file.bytes()))));
            explained(file.path(), () -> Files.deleteIfExists(file.path()));
            figures.add(Figure.of(file.path().toString(), Quantity.BYTES, file.bytes(), 0));
        }
        return figures;
    }

    /** Those that are old enough for it, and not for more. */
    public List<Figure> compress(Instant now, boolean dryRun) {
        MaintenanceConfig.Logs logs = config.maintenance().logs();
        List<LogFile> files = files().stream()
                .filter(file -> !file.isCompressed()
                        && file.isOlder(logs.compressAfter(), now)
                        && !file.isOlder(logs.keep(), now))
                .toList();
        if (!dryRun && !files.isEmpty()) {
            // What they say of failed log-ins has to be in the audit log first: compressed ones are not read for it.
            new ServerLogWatch(config, home).look(now, false);
        }
        List<Figure> figures = new ArrayList<>();
        for (LogFile file : files) {
            figures.add(
                    dryRun
                            ? Figure.found(file.path().toString(), Quantity.BYTES, file.bytes())
                            : Figure.of(file.path().toString(), Quantity.BYTES, file.bytes(), compressed(file)));
        }
        return figures;
    }

    /** Returns its size then; the file itself stays where somebody has written to it meanwhile. */
    private static long compressed(LogFile file) {
        return explained(file.path(), () -> {
            Path target = file.path().resolveSibling(file.path().getFileName() + COMPRESSED);
            Path next = file.path().resolveSibling(file.path().getFileName() + COMPRESSED + ".new");
            try (FileChannel channel = FileChannel.open(
                    next, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                GZIPOutputStream out = new GZIPOutputStream(Channels.newOutputStream(channel), BUFFER);
                Files.copy(file.path(), out);
                out.finish();
                channel.force(true);
            }
            BasicFileAttributes now = Files.readAttributes(file.path(), BasicFileAttributes.class);
            if (now.size() != file.bytes()
                    || !now.lastModifiedTime().toInstant().equals(file.written())) {
                Files.delete(next);
                return file.bytes();
            }
            Files.setLastModifiedTime(next, now.lastModifiedTime());
            Files.move(next, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.delete(file.path());
            return Files.size(target);
        });
    }

    private List<LogFile> files() {
        List<LogFile> files = new ArrayList<>();
        // Of those that belong to processes of the lake, only what was set aside: the others are written to.
        files.addAll(files(home.runDirectory(), ".log."));
        for (String folder : config.maintenance().logs().folders()) {
            files.addAll(files(Path.of(folder), ".log"));
        }
        return files;
    }

    private static List<LogFile> files(Path folder, String part) {
        return explained(folder, () -> {
            if (!Files.isDirectory(folder)) {
                return List.of();
            }
            List<LogFile> files = new ArrayList<>();
            try (Stream<Path> found = Files.list(folder)) {
                for (Path path : found.filter(
                                file -> file.getFileName().toString().contains(part))
                        .filter(file -> !file.toString().endsWith(".new"))
                        .sorted()
                        .toList()) {
                    BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                    if (attributes.isRegularFile()) {
                        files.add(new LogFile(
                                path,
                                attributes.size(),
                                attributes.lastModifiedTime().toInstant()));
                    }
                }
            } catch (NoSuchFileException rotatedMeanwhile) {
                return List.of();
            }
            return files;
        });
    }

    @FunctionalInterface
    private interface Action<T> {
        T run() throws IOException;
    }

    private static <T> T explained(Path path, Action<T> action) {
        try {
            return action.run();
        } catch (IOException e) {
            throw LakeException.failed(
                    "log files at " + path + " cannot be looked after",
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make it readable and writable, or take it out of lake.maintenance.logs.folders",
                    e);
        }
    }
}
