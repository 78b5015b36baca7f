package io.datapunk.vectors.embed;

import java.io.Serializable;

/** A model that is not opened yet: tasks get it, and open it where they run. */
public interface TextModel extends Serializable {
    /** What tables call it. */
    String name();

    /** SHA-256 of its files, 64 hex digits. */
    String version();

    /**
     * Opens it, which takes about a second.
     *
     * @param threads that work on one batch; 1 in a task of one core
     */
    TextEncoder open(int threads);
}
