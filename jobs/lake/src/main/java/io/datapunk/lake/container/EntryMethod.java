package io.datapunk.lake.container;

/** How an entry's bytes lie in its container. */
public enum EntryMethod {
    /** As they are: read and split in place. */
    STORED,
    /** Deflated in a zip: read from the beginning, or staged first. */
    DEFLATED,
    /** In a staged file of independent frames: read and split in place. */
    STAGED
}
