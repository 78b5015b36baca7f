package io.datapunk.vectors.index;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps JVector from telling users on stderr which Java it would like to have: distances are computed by our own kernels, which
 * are fast on all of them.
 */
final class Jvector {
    // Java forgets the level of a logger that nobody holds.
    private static final Logger LOGGER = Logger.getLogger("io.github.jbellis.jvector");

    private Jvector() {}

    static void silence() {
        LOGGER.setLevel(Level.SEVERE);
    }
}
