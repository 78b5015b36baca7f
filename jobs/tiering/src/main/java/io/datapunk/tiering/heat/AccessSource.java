package io.datapunk.tiering.heat;

import java.io.IOException;

/**
 * A place where reads can be seen. It hands over what is new there in batches and is told by the lake's own tables what
 * it has handed over before, so that each input counts exactly once.
 */
public interface AccessSource {
    /** The name that {@code --source} and {@code lake.access.sources} have for it, as in {@code spool}. */
    String name();

    /**
     * Hands over what is new. What earlier runs began is finished by then.
     *
     * @throws IOException where an input or a batch cannot be read or written
     */
    void collect(Intake intake) throws IOException;
}
