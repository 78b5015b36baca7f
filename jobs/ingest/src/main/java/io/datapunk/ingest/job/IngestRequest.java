package io.datapunk.ingest.job;

import io.datapunk.lake.model.LakeException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * What to take in.
 *
 * @param exports the parts of one export: archives or folders
 * @param userName whose data it is; the name stays in {@code lake.users}
 * @param now when the import begins
 */
public record IngestRequest(List<Path> exports, String userName, Instant now) {
    private static final int LONGEST_NAME = 256;

    public IngestRequest {
        exports = exports.stream()
                .map(export -> export.toAbsolutePath().normalize())
                .distinct()
                .sorted()
                .toList();
        Objects.requireNonNull(now, "now");
        userName = userName.strip();
        if (exports.isEmpty()) {
            throw LakeException.usage(
                    "there is nothing to ingest", "no export was named", "name the export's archives or its folder");
        }
        if (userName.isEmpty()
                || userName.length() > LONGEST_NAME
                || userName.codePoints().anyMatch(Character::isISOControl)) {
            throw LakeException.usage(
                    "the user's name cannot be used",
                    "it is empty, longer than " + LONGEST_NAME + " characters, or has control characters",
                    "give the name of the person whose data this is with --user");
        }
    }
}
