package io.datapunk.lake.model;

import java.io.Serializable;

/**
 * What re-reading a copy found.
 *
 * @param expected the source, read again
 * @param found the target, read back from where it was written
 */
public record Verification(RowChecksum expected, RowChecksum found) implements Serializable {
    public boolean matches() {
        return expected.equals(found);
    }
}
