package io.datapunk.archive.backup.restore;

import io.datapunk.lake.config.LakeHome;
import io.datapunk.lake.model.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Says that a home is being restored. The home has no {@code lake.version} meanwhile, so every command refuses it; the same
 * restore run again goes on.
 */
final class RestoreMarker {
    private static final String FILE = "half-restored";

    private final Path file;
    private final String content;

    /** @param restore says what is restored: the same again is the same restore */
    RestoreMarker(LakeHome home, String restore) {
        this.file = home.local().resolve(FILE);
        this.content = restore + "\n";
    }

    /** @throws LakeException (usage) where the home holds something else */
    void place() throws IOException {
        Path folder = file.getParent();
        if (Files.exists(file)) {
            String other = Files.readString(file);
            if (!other.equals(content)) {
                throw LakeException.usage(
                        "nothing is restored to " + folder,
                        "another restore was begun there: " + other.strip(),
                        "end that one, or remove the folder");
            }
            return;
        }
        if (Files.exists(folder)) {
            try (Stream<Path> entries = Files.list(folder)) {
                if (entries.findAny().isPresent()) {
                    throw LakeException.usage(
                            "nothing is restored to " + folder,
                            "it is there already, and holds something",
                            "name a new folder with --to, or one table with --dataset and --in-place");
                }
            }
        }
        Files.createDirectories(folder);
        Files.writeString(file, content);
    }

    void remove() throws IOException {
        Files.deleteIfExists(file);
    }
}
