package io.datapunk.archive.segment;

import java.io.Serializable;

/**
 * How segments are compressed.
 *
 * @param level of zstd, 1 to 22
 * @param windowLog how far back matches are found: 2^windowLog bytes. A decoder takes up to 27 by default
 * @param workers threads for one segment besides the writing one; 0: none
 */
public record Compression(int level, int windowLog, int workers) implements Serializable {
    private static final int LARGEST_LEVEL = 22;
    private static final int LARGEST_WINDOW_LOG = 27;

    public Compression {
        if (level < 1 || level > LARGEST_LEVEL || windowLog < 10 || windowLog > LARGEST_WINDOW_LOG || workers < 0) {
            throw new IllegalArgumentException("level %d must be 1 to %d, window log %d 10 to %d, workers %d 0 or more"
                    .formatted(level, LARGEST_LEVEL, windowLog, LARGEST_WINDOW_LOG, workers));
        }
    }
}
