package io.datapunk.lake.container;

/** What a part of an export is, told by its content. */
public enum ContainerKind {
    ZIP,
    TAR,
    /** A tar that is compressed as a whole; readable only once staged. */
    COMPRESSED_TAR,
    FOLDER,
    /** A plain file handed in directly, its own single entry. */
    FILE
}
