package io.datapunk.tiering.heat;

import io.datapunk.lake.model.LakeException;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.UUID;

/** Writes accesses into a lake's spool as a recorder does: under another name until the file is complete. */
public final class AccessSpool {
    static final String COMPLETE = ".ndjson";
    static final String UNDER_WAY = ".open";

    private final Path folder;

    /** @param folder the spool, as {@code home.spool()}; made where it does not exist */
    public AccessSpool(Path folder) {
        this.folder = folder;
    }

    /**
     * Writes one file; nothing where there are no lines.
     *
     * @throws LakeException (failed) where the spool cannot be written
     */
    public void write(Collection<AccessLine> lines) {
        if (lines.isEmpty()) {
            return;
        }
        String name = UUID.randomUUID().toString();
        Path underWay = folder.resolve(name + UNDER_WAY);
        try {
            Files.createDirectories(folder);
            try (BufferedWriter writer = Files.newBufferedWriter(underWay, StandardCharsets.UTF_8)) {
                for (AccessLine line : lines) {
                    writer.write(line.toJson());
                    writer.write('\n');
                }
            }
            Files.move(underWay, folder.resolve(name + COMPLETE), StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw LakeException.failed(
                    "accesses cannot be written to the spool " + folder,
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make the folder writable and give it free space",
                    e);
        }
    }
}
