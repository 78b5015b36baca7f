package io.datapunk.cli;

import io.datapunk.lake.config.LakeConfig;
import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** A full disk has one remedy, whatever the operation made of it that met it. */
final class FullDisk {
    /** Nobody knows yet which folders are written to. */
    static final FullDisk UNKNOWN = new FullDisk(List.of());

    /** What the C library says of ENOSPC; Java and Hadoop pass it on. */
    private static final String NO_SPACE = "No space left on device";

    private static final String THEN = ", then run it again: a job takes up what it left undone";

    private final List<Path> folders;

    private FullDisk(List<Path> folders) {
        this.folders = folders;
    }

    /** One of those that a lake writes to: its own, those of copies, packages and backups, and for temporary files. */
    static FullDisk of(LakeConfig config) {
        LakeHome home = LakeHome.of(config);
        List<String> places = new ArrayList<>(List.of(home.root(), home.local().toString()));
        places.addAll(config.backup().locations(home));
        config.archive().location().ifPresent(places::add);
        places.addAll(config.archive().locations());
        places.addAll(config.storage().cold().locations());
        places.addAll(config.audit().locations());
        places.add(System.getProperty("java.io.tmpdir"));
        return new FullDisk(places.stream()
                .filter(place -> !place.contains("://"))
                .map(Path::of)
                .toList());
    }

    static boolean isBehind(Throwable problem) {
        return cause(problem).isPresent();
    }

    /** The same problem, with the remedy that helps. */
    LakeException told(LakeException problem) {
        return LakeException.failed(problem.problem(), problem.reason(), remedy(), problem);
    }

    LakeException told(String command, Throwable problem) {
        return LakeException.failed(
                "`lake " + command + "` met a full disk",
                cause(problem).map(Throwable::getMessage).orElseThrow(),
                remedy(),
                problem);
    }

    /** The system does not tell which disk it was, and the command may have removed since what it left there. */
    private String remedy() {
        return folders.stream()
                .flatMap(folder -> Room.in(folder).stream())
                .min(Comparator.comparingLong(Room::bytes))
                .map(least -> "of the disks that it writes to, that of " + least.folder() + " has the least room ("
                        + Amounts.bytes(least.bytes()) + "): free space there" + THEN)
                .orElse("free space on the lake's disk" + THEN);
    }

    private record Room(Path folder, long bytes) {
        static Optional<Room> in(Path folder) {
            try {
                return Files.isDirectory(folder)
                        ? Optional.of(
                                new Room(folder, Files.getFileStore(folder).getUsableSpace()))
                        : Optional.empty();
            } catch (IOException outOfReach) {
                return Optional.empty();
            }
        }
    }

    private static Optional<Throwable> cause(Throwable problem) {
        for (Throwable cause = problem; cause != null; cause = cause.getCause()) {
            if (String.valueOf(cause.getMessage()).endsWith(NO_SPACE) && !(cause instanceof LakeException)) {
                return Optional.of(cause);
            }
        }
        return Optional.empty();
    }
}
