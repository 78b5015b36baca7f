package io.datapunk.tiering.heat;

import io.datapunk.lake.model.LakeException;
import io.datapunk.lake.storage.SpoolFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;

/** Writes accesses into a lake's spool as a recorder does. */
public final class AccessSpool {
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
        try {
            new SpoolFolder(folder).write(lines.stream().map(AccessLine::toJson));
        } catch (IOException e) {
            throw LakeException.failed(
                    "accesses cannot be written to the spool " + folder,
                    e.getClass().getSimpleName() + ": " + e.getMessage(),
                    "make the folder writable and give it free space",
                    e);
        }
    }
}
