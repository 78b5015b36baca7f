package io.datapunk.lake.config;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/**
 * The version in {@code lake.version} and the way from an older one to ours.
 *
 * @param migrations the step from version n to n + 1 at index n - 1; each may be run again after a crash
 */
record HomeFormat(List<Migration> migrations) {
    /** The formats that this build knows: the first, so far. */
    static final HomeFormat CURRENT = new HomeFormat(List.of());

    private static final String FILE = "lake.version";

    /** One step; idempotent, since a crash before the version is written repeats it. */
    interface Migration {
        void migrate(Path home) throws IOException;
    }

    int version() {
        return migrations.size() + 1;
    }

    /** The version that a home is at; empty where there is no lake. */
    Optional<Integer> find(Path home) throws IOException {
        String text;
        try {
            text = Files.readString(home.resolve(FILE)).strip();
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw LakeException.failed(
                    "the lake at " + home + " has no readable version",
                    "lake.version holds '" + text.substring(0, Math.min(text.length(), 40)) + "' instead of a number",
                    "restore the file from a backup; a lake that this build wrote holds " + version());
        }
        return Optional.of(Integer.parseInt(text));
    }

    void refuseNewer(Path home, int found) {
        if (found > version()) {
            throw LakeException.failed(
                    "the lake at " + home + " was written by a newer version",
                    "its format is " + found + ", this build knows formats up to " + version(),
                    "use the newer build");
        }
    }

    /** Brings a home to this version; the caller holds the home's lock. */
    void migrate(Path home, int from) throws IOException {
        refuseNewer(home, from);
        for (int version = from; version < version(); version++) {
            migrations.get(version - 1).migrate(home);
            write(home, version + 1);
        }
    }

    void write(Path home, int version) throws IOException {
        Path file = Files.writeString(home.resolve(FILE + ".new"), version + "\n");
        Files.move(file, home.resolve(FILE), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }
}
