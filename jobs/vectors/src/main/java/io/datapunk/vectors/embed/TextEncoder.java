package io.datapunk.vectors.embed;

import java.util.List;

/** A model that makes vectors of texts. Not for several threads: a task has one of its own. */
public interface TextEncoder extends AutoCloseable {
    /** Length of its vectors. */
    int dimensions();

    /** SHA-256 of the model's files, 64 hex digits. */
    String version();

    /**
     * Encodes texts; of a long one only the beginning that the model takes.
     *
     * @param texts all of their tokens are in memory at once
     * @return a vector of length 1 for each text, in their order
     */
    float[][] encode(List<String> texts);

    @Override
    void close();
}
