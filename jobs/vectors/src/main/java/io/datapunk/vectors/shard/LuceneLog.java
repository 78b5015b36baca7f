package io.datapunk.vectors.shard;

import java.util.logging.Level;
import java.util.logging.Logger;

/** Keeps Lucene from telling users on stderr which Java it would like to have: it computes no vectors here. */
final class LuceneLog {
    // Java forgets the level of a logger that nobody holds.
    private static final Logger LOGGER = Logger.getLogger("org.apache.lucene");

    private LuceneLog() {}

    static void silence() {
        LOGGER.setLevel(Level.SEVERE);
    }
}
