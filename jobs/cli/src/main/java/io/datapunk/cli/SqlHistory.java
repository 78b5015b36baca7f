package io.datapunk.cli;

import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Optional;

/** Where the shell keeps what was typed: a file of the user's own, for what is asked of a lake can tell of persons. */
final class SqlHistory {
    static final String SWITCH = "LAKE_SQL_HISTORY";

    private SqlHistory() {}

    /**
     * Makes the file where there is none, readable by its owner only; empty with {@value #SWITCH}{@code =off}.
     *
     * @throws LakeException (failed) where it cannot be made
     */
    static Optional<Path> file(Map<String, String> environment) {
        if (environment.getOrDefault(SWITCH, "").equals("off")) {
            return Optional.empty();
        }
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        Path folder = (state.isEmpty() ? Path.of(System.getProperty("user.home"), ".local", "state") : Path.of(state))
                .resolve("datapunk-lake");
        Path file = folder.resolve("sql_history");
        try {
            Files.createDirectories(folder);
            if (!Files.exists(file)) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            }
            return Optional.of(file);
        } catch (IOException e) {
            throw LakeException.failed(
                    "statements will not be remembered in " + file,
                    e.toString(),
                    "make the folder writable, name another with XDG_STATE_HOME, or set " + SWITCH + "=off");
        }
    }
}
